import { flag, flagTable, type Options } from '../../cli/flags.js';

const DECODER = 'org.apache.kafka.tools.api.StringDecoder';
const CLASSES = ['String', 'Integer', 'Long', 'Default'].map((name) => `org.apache.kafka.tools.api.${name}Decoder`);

export const flags = flagTable({
  intro:
    'This tool helps to parse a log file and dump its contents to the console, useful for debugging a seemingly corrupt log segment.',
  onParseError: 'uncaught',
  flags: {
    'print-data-log': flag.switch('Print what the records hold. Any decoder option asks for it, too.'),
    'verify-index-only': flag.switch('Check an index against its log, and print only what is wrong.'),
    'index-sanity-check': flag.switch(
      'Only look whether an index is sound in itself, as a broker does when it starts to see whether it must rebuild it.',
    ),
    files: flag.string('file1, file2, ...', 'REQUIRED: The files to dump: logs and their indexes, snapshots.', {
      completes: 'file',
    }),
    'max-message-size': flag.int('size', 'Bytes of the largest message.', { default: 5242880 }),
    'max-bytes': flag.int('size', 'How many bytes of a log to read at most, in whole batches.', {
      default: 2147483647,
    }),
    'deep-iteration': flag.switch('Go through the records, not only the batches. Printing what they hold implies it.'),
    'value-decoder-class': flag.string(undefined, 'The class that reads the values of the records.', {
      argument: 'optional',
      default: DECODER,
      completes: CLASSES,
    }),
    'key-decoder-class': flag.string(undefined, 'The class that reads the keys of the records.', {
      argument: 'optional',
      default: DECODER,
      completes: CLASSES,
    }),
    'offsets-decoder': flag.switch('Read the records as those of __consumer_offsets.'),
    'transaction-log-decoder': flag.switch('Read the records as those of __transaction_state.'),
    'cluster-metadata-decoder': flag.switch('Read the records as those of __cluster_metadata.'),
    'remote-log-metadata-decoder': flag.switch('Read the records as those of __remote_log_metadata.'),
    'share-group-state-decoder': flag.switch('Read the records as those of __share_group_state.'),
    'skip-record-metadata': flag.switch(
      'Print what the records hold without their metadata. Control records are passed over.',
    ),
  },
});
export type DumpOptions = Options<(typeof flags)['flags']>;
