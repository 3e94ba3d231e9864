import { flag, flagTable } from '../../../cli/flags.js';

const READER_PROPERTIES = `Among the properties (with their defaults):
 parse.key=false
 parse.headers=false
 ignore.error=false
 key.separator=\\t
 headers.delimiter=\\t
 headers.separator=,
 headers.key.separator=:
 null.marker=   A key, value or header that equals this becomes null
A line is then read as:
 parse.headers=true and parse.key=true:
  "h1:v1,h2:v2...\\tkey\\tvalue"
 parse.key=true:
  "key\\tvalue"
 parse.headers=true:
  "h1:v1,h2:v2...\\tvalue"`;

/** Flags of kafka-console-producer.sh, 4.3 and 3.7. Mirrors tools/ConsoleProducer. */
export const flags = flagTable({
  intro: 'This tool helps to read data from standard input and publish it to Kafka.',
  onParseError: 'usage',
  flags: {
    topic: flag.string('topic', 'REQUIRED: The topic that messages go to.', { completes: 'topic' }),
    'bootstrap-server': flag.string(
      'server to connect to',
      'REQUIRED: The brokers to start from, HOST1:PORT1,HOST2:PORT2.',
    ),
    'broker-list': flag.string('broker-list', 'As --bootstrap-server, the name it had before Kafka 4.', {
      hidden: true,
    }),
    sync: flag.switch('Sends one message at a time and waits for each.'),
    'compression-codec': flag.string(
      'compression-codec',
      "How batches are compressed: 'none', 'gzip', 'snappy', 'lz4' or 'zstd'. Without a value: 'gzip'.",
      { argument: 'optional', completes: ['none', 'gzip', 'snappy', 'lz4', 'zstd'] },
    ),
    'batch-size': flag.int('size', 'Bytes of a batch (batch.size). Left out, batches are as large as they fill.', {
      default: 16384,
    }),
    'message-send-max-retries': flag.int(
      undefined,
      'How often a message is sent again that the broker refused for the moment (retries).',
      {
        default: 3,
      },
    ),
    'retry-backoff-ms': flag.long(undefined, 'How long to wait before sending again (retry.backoff.ms).', {
      default: 100n,
    }),
    timeout: flag.long(
      'timeout_ms',
      'How long a message waits for others to go with, in ms (linger.ms). Left out, it goes as soon as the input has nothing more.',
      { default: 1000n },
    ),
    'request-required-acks': flag.string('request required acks', 'Which `acks` a request asks for.', {
      default: '-1',
    }),
    'request-timeout-ms': flag.int('request timeout ms', 'How long the broker may take to answer; greater than 0.', {
      default: 1500,
    }),
    'metadata-expiry-ms': flag.long(
      'metadata expiration interval',
      'After how long metadata is asked for again even if nothing seems changed (metadata.max.age.ms).',
      { default: 300000n },
    ),
    'max-block-ms': flag.long('max block on send', 'How long a message may wait for the topic to be known.', {
      default: 60000n,
    }),
    'max-memory-bytes': flag.long(
      'total memory in bytes',
      'Memory for messages that wait to be sent (buffer.memory).',
      {
        default: 33554432n,
      },
    ),
    'max-partition-memory-bytes': flag.int(
      'memory in bytes per partition',
      '(Deprecated) As --batch-size, which to use instead; goes with Apache Kafka 5.0.',
      { default: 16384 },
    ),
    'line-reader': flag.string(
      'reader_class',
      'Name of the class that turns input into messages: a line is a message.',
      {
        default: 'org.apache.kafka.tools.LineMessageReader',
      },
    ),
    'socket-buffer-size': flag.int('size', 'Size of the TCP send buffer (send.buffer.bytes).', { default: 102400 }),
    property: flag.string('prop', `(DEPRECATED) As --reader-property, which to use instead. ${READER_PROPERTIES}`),
    'reader-property': flag.string('prop', `A property key=value of the reader of lines. ${READER_PROPERTIES}`),
    'reader-config': flag.string('config file', 'File of reader properties; --reader-property goes before it.', {
      completes: 'file',
    }),
    'producer-property': flag.string('producer_prop', '(DEPRECATED) As --command-property, which to use instead.'),
    'command-property': flag.string('producer_prop', 'A producer setting key=value.'),
    'producer.config': flag.string('config file', '(DEPRECATED) As --command-config, which to use instead.', {
      completes: 'file',
    }),
    'command-config': flag.string('config file', 'File of producer settings; --command-property goes before it.', {
      completes: 'file',
    }),
    input: flag.string(
      'format',
      '"json" reads one JSON object a line, as the console consumers print them with --output json.',
      { own: true, completes: ['json'] },
    ),
    keep: flag.string(
      'fields',
      'With --input json: of partition and timestamp those that stay as the lines have them, separated by commas.',
      { own: true, separator: ',', completes: ['partition', 'timestamp'] },
    ),
  },
});

export type ProducerOptions = ReturnType<typeof flags.parse>;
