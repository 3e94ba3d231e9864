import { flag, flagTable } from '../../../cli/flags.js';
import { FORMATTER_FLAGS } from '../consumer/flags.js';
import { OUTPUT_FLAG } from '../own-flags.js';

/** Flags of kafka-console-share-consumer.sh. Mirrors tools/consumer/ConsoleShareConsumerOptions. */
export const flags = flagTable({
  intro: 'This tool helps to read data from Kafka topics using share groups and outputs it to standard output.',
  onParseError: 'usage',
  flags: {
    topic: flag.string('topic', 'The topic to read.', { completes: 'topic' }),
    'consumer-property': flag.string('consumer_prop', '(DEPRECATED) As --command-property, which to use instead.'),
    'command-property': flag.string('consumer_prop', 'A consumer setting key=value.'),
    'consumer-config': flag.string('config file', '(DEPRECATED) As --command-config, which to use instead.', {
      completes: 'file',
    }),
    'command-config': flag.string('config file', 'File of consumer settings; --command-property goes before it.', {
      completes: 'file',
    }),
    ...FORMATTER_FLAGS,
    output: OUTPUT_FLAG,
    'max-messages': flag.int('num_messages', 'How many messages to read; left out, it goes on.'),
    'timeout-ms': flag.int('timeout_ms', 'Ends when no message came for this long.'),
    reject: flag.switch('Rejects messages as they are printed: nobody gets them again.'),
    release: flag.switch('Releases messages as they are printed: they are delivered again.'),
    'reject-message-on-error': flag.switch('Rejects a message that cannot be printed, and goes on with the next.'),
    'bootstrap-server': flag.string('server to connect to', 'REQUIRED: The brokers to start from.'),
    'key-deserializer': flag.string('deserializer for keys', 'Name of the class that reads keys.'),
    'value-deserializer': flag.string('deserializer for values', 'Name of the class that reads values.'),
    group: flag.string('share group id', 'The share group to read in.', { completes: 'group' }),
    'enable-systest-events': flag.switch('Prints what happens to the consumer as well (for system tests).'),
  },
});

export type ShareConsumerOptions = ReturnType<typeof flags.parse>;
