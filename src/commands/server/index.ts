/** `ts-kafka server`: a single-node Kafka on disk that needs no setup. */
import type { Command } from '../../cli/io.js';
import { parseServerArguments } from './arguments.js';
import { runServer } from './run.js';

const USAGE = `usage: ts-kafka server [server.properties] [--override name=value]...

Runs a single-node Kafka until it is stopped (^C, SIGTERM, ts-kafka server-stop). Without arguments it listens on
localhost:9092 and keeps its data in a directory of the current user, which it prints.

  --override name=value  a setting that overrides the one in server.properties
  --help                 print this text
  --version              print the version of Kafka that it mirrors

Settings have Kafka's names: listeners, advertised.listeners, log.dirs, num.partitions, log.retention.hours, ...
As in container images, they are also read from environment variables: KAFKA_CFG_NUM_PARTITIONS or KAFKA_NUM_PARTITIONS.
`;

export const command: Command = {
  run: async (argv, io) => runServer(parseServerArguments(argv, USAGE), io),
};
