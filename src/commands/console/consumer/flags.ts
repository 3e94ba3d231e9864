import { flag, flagTable } from '../../../cli/flags.js';
import { OUTPUT_FLAG } from '../own-flags.js';

export const FORMATTER_PROPERTIES = `Among the properties:
 print.timestamp=true|false
 print.key=true|false
 print.offset=true|false
 print.delivery=true|false
 print.epoch=true|false
 print.partition=true|false
 print.headers=true|false
 print.value=true|false
 key.separator=<key.separator>
 line.separator=<line.separator>
 headers.separator=<headers.separator>
 null.literal=<null.literal>
 key.deserializer=<key.deserializer>
 value.deserializer=<value.deserializer>
 header.deserializer=<header.deserializer>`;

/** How messages are printed: flags of both console consumers. */
export const FORMATTER_FLAGS = {
  formatter: flag.string('class', 'Name of the class that prints messages.', {
    default: 'org.apache.kafka.tools.consumer.DefaultMessageFormatter',
  }),
  property: flag.string('prop', `(DEPRECATED) As --formatter-property, which to use instead. ${FORMATTER_PROPERTIES}`),
  'formatter-property': flag.string('prop', `A property key=value of the formatter. ${FORMATTER_PROPERTIES}`),
  'formatter-config': flag.string('config file', 'File of formatter properties; --formatter-property goes before it.', {
    completes: 'file',
  }),
};

/** Flags of kafka-console-consumer.sh, 4.3 and 3.7. Mirrors tools/consumer/ConsoleConsumerOptions. */
export const flags = flagTable({
  intro: 'This tool helps to read data from Kafka topics and outputs it to standard output.',
  onParseError: 'usage',
  flags: {
    topic: flag.string('topic', 'The topic to read.', { completes: 'topic' }),
    include: flag.string('Java regex (String)', 'Reads every topic whose whole name this expression matches.'),
    whitelist: flag.string('Java regex (String)', 'As --include, the name it had before Kafka 4.', { hidden: true }),
    partition: flag.int('partition', "The partition to read, from its end unless '--offset' says otherwise."),
    offset: flag.string(
      'consume offset',
      "The offset to start at: a number, 'earliest' (the beginning) or 'latest' (the end).",
      {
        default: 'latest',
      },
    ),
    'consumer-property': flag.string('consumer_prop', '(DEPRECATED) As --command-property, which to use instead.'),
    'command-property': flag.string('consumer_prop', 'A consumer setting key=value.'),
    'consumer.config': flag.string('config file', '(DEPRECATED) As --command-config, which to use instead.', {
      completes: 'file',
    }),
    'command-config': flag.string('config file', 'File of consumer settings; --command-property goes before it.', {
      completes: 'file',
    }),
    ...FORMATTER_FLAGS,
    'from-beginning': flag.switch(
      'Without a committed offset, starts with the first message there is, not the next to come.',
    ),
    'max-messages': flag.int('num_messages', 'How many messages to read; left out, it goes on.'),
    'timeout-ms': flag.long('timeout_ms', 'Ends when no message came for this long.'),
    'skip-message-on-error': flag.switch('Goes on with the next message when one cannot be printed.'),
    'bootstrap-server': flag.string('server to connect to', 'REQUIRED: The brokers to start from.'),
    'key-deserializer': flag.string('deserializer for keys', 'Name of the class that reads keys.'),
    'value-deserializer': flag.string('deserializer for values', 'Name of the class that reads values.'),
    'enable-systest-events': flag.switch('Prints what happens to the consumer as well (for system tests).'),
    'isolation-level': flag.string(
      undefined,
      'read_committed leaves out transactional messages that were not committed; read_uncommitted reads all.',
      { default: 'read_uncommitted', completes: ['read_uncommitted', 'read_committed'] },
    ),
    group: flag.string('consumer group id', 'The group to read in.', { completes: 'group' }),
    'exit-at-end': flag.switch('Ends where each partition ended when reading began.', { own: true }),
    from: flag.string(
      'time',
      'Reads messages of this time and later: 2026-01-31T12:00:00Z, milliseconds since 1970, or a time ago (-30m, -1h, -2d).',
      { own: true },
    ),
    to: flag.string('time', 'Reads messages before this time, written as for --from, and then ends.', { own: true }),
    tail: flag.int('num_messages', 'Starts with the last messages of each partition, so many at most.', { own: true }),
    grep: flag.string(
      'Java regex (String)',
      'Prints messages in whose value this is found; k:REGEX looks in the key, h:NAME=REGEX in a header. All of several have to be found.',
      { own: true },
    ),
    output: OUTPUT_FLAG,
  },
});

export type ConsumerOptions = ReturnType<typeof flags.parse>;
