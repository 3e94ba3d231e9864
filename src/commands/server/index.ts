/** `ts-kafka server`: a single-node Kafka on disk, with nothing to set up. */
import type { Command } from '../../cli/io.js';
import { parseServerArguments } from './arguments.js';
import { runServer } from './run.js';

const USAGE = `usage: ts-kafka server [server.properties] [--override name=value]...

Runs a single-node Kafka until it is stopped (^C, SIGTERM, ts-kafka server-stop). Without arguments it listens on
localhost:9092 and keeps its data in one directory per user, which it prints.

  --override name=value  a setting of server.properties, in place of the file's
  --help                 this text
  --version              the version of Kafka it mirrors

Settings have Kafka's names: listeners, advertised.listeners, log.dirs, num.partitions, log.retention.hours, ...
They are also read from KAFKA_CFG_NUM_PARTITIONS and KAFKA_NUM_PARTITIONS, as container images take them.
`;

export const command: Command = {
  run: async (argv, io) => runServer(parseServerArguments(argv, USAGE), io),
};
