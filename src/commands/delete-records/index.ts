/** kafka-delete-records.sh. Mirrors tools/DeleteRecordsCommand. */
import { CommandError, EXIT, errorLine } from '../../cli/errors.js';
import { flag, flagTable } from '../../cli/flags.js';
import { type Command, type Io, writeLines } from '../../cli/io.js';
import { type DeleteBefore, deleteRecords } from '../../client/admin/delete-records.js';
import type { Cluster } from '../../client/cluster/types.js';
import { javaText } from '../../java/exceptions.js';
import { partitionName } from '../../kafka/topic-partition.js';
import { KafkaError } from '../../protocol/errors.js';
import { loadProperties, openAdmin } from '../shared/connection.js';
import { readOffsets } from './offset-file.js';

export const flags = flagTable({
  intro: 'This tool helps to delete records of the given partitions down to the specified offset.',
  onParseError: 'message',
  flags: {
    'bootstrap-server': flag.string(
      'server(s) to use for bootstrapping',
      'REQUIRED: host:port of one or more brokers.',
    ),
    'offset-json-file': flag.string(
      'Offset json file path',
      [
        'REQUIRED: A JSON file with an offset for each partition. Records below it are deleted (-1: all records):',
        '{"partitions":',
        '  [{"topic": "foo", "partition": 1,',
        '  "offset": 1}],',
        ' "version":1',
        '}',
      ].join('\n'),
      { completes: 'file' },
    ),
    'command-config': flag.string('command config property file path', "File with the client's properties.", {
      completes: 'file',
    }),
  },
});

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    const options = flags.parse(argv);
    options.required('bootstrap-server', 'offset-json-file');
    const file = options.value('command-config');
    const properties = file === undefined ? new Map() : loadProperties(file);
    const cluster = openAdmin(io, options.value('bootstrap-server') as string, properties);
    try {
      await run(cluster, readOffsets(options.value('offset-json-file') as string), io);
      return EXIT.ok;
    } catch (error) {
      if (error instanceof CommandError) throw error;
      throw new CommandError(error instanceof KafkaError ? javaText(error) : errorLine(error));
    } finally {
      void cluster.close();
    }
  },
};

/** Prints one line for each partition, including failed ones; as in Java, failures do not change the exit code 0. */
async function run(cluster: Cluster, wanted: readonly DeleteBefore[], io: Io): Promise<void> {
  io.stdout.write('Executing records delete operation\n');
  const outcomes = await deleteRecords(cluster, wanted);
  const lines = wanted.map((place) => {
    const outcome = outcomes.get(partitionName(place));
    const result = outcome instanceof KafkaError ? `error: ${javaText(outcome)}` : `low_watermark: ${outcome}`;
    return `partition: ${partitionName(place)}\t${result}`;
  });
  await writeLines(io.stdout, ['Records delete operation completed:', ...lines]);
}
