import { flag, flagTable, type Options } from '../../cli/flags.js';

const DECODER = 'org.apache.kafka.tools.api.StringDecoder';
const CLASSES = ['String', 'Integer', 'Long', 'Default'].map((name) => `org.apache.kafka.tools.api.${name}Decoder`);

export const flags = flagTable({
  intro:
    'This tool helps to parse a log file and dump its contents to the console, useful for debugging a seemingly corrupt log segment.',
  onParseError: 'uncaught',
  flags: {
    'print-data-log': flag.switch('Print the keys and values of the records. Implied by any decoder option.'),
    'verify-index-only': flag.switch('Verify an index against its log without printing its entries.'),
    'index-sanity-check': flag.switch(
      'Only run the sanity check that a broker runs at startup to decide whether an index must be rebuilt.',
    ),
    files: flag.string('file1, file2, ...', 'REQUIRED: The files to dump: log segments, indexes or snapshots.', {
      completes: 'file',
    }),
    'max-message-size': flag.int('size', 'Maximum size of a message, in bytes.', { default: 5242880 }),
    'max-bytes': flag.int('size', 'Maximum number of bytes to read from a log, in whole batches.', {
      default: 2147483647,
    }),
    'deep-iteration': flag.switch('Iterate over the records, not only the batches. Implied by --print-data-log.'),
    'value-decoder-class': flag.string(undefined, 'The class that decodes the values of the records.', {
      argument: 'optional',
      default: DECODER,
      completes: CLASSES,
    }),
    'key-decoder-class': flag.string(undefined, 'The class that decodes the keys of the records.', {
      argument: 'optional',
      default: DECODER,
      completes: CLASSES,
    }),
    'offsets-decoder': flag.switch('Decode the records as those of __consumer_offsets.'),
    'transaction-log-decoder': flag.switch('Decode the records as those of __transaction_state.'),
    'cluster-metadata-decoder': flag.switch('Decode the records as those of __cluster_metadata.'),
    'remote-log-metadata-decoder': flag.switch('Decode the records as those of __remote_log_metadata.'),
    'share-group-state-decoder': flag.switch('Decode the records as those of __share_group_state.'),
    'skip-record-metadata': flag.switch(
      'Print keys and values without the metadata of the records, and skip control records.',
    ),
  },
});
export type DumpOptions = Options<(typeof flags)['flags']>;
