/** Console tools beyond the transcripts: signals while the broker is down, closed pipes, lost records. */
import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { stringDeserializer } from '../../src/commands/console/formatters/deserializers.js';
import { formatDouble, formatFloat } from '../../src/java/double.js';
import { BIN, type BrokerProcess, ROOT, startBroker, tsKafka } from '../support/process.js';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function start(...args: string[]) {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [BIN, ...args], { cwd: ROOT });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (said.stdout += chunk));
  child.stderr.on('data', (chunk) => (said.stderr += chunk));
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, said, closed };
}

async function withBroker(work: (broker: BrokerProcess, at: string[]) => Promise<void>): Promise<void> {
  const broker = await startBroker();
  try {
    await work(broker, ['--bootstrap-server', broker.bootstrap, '--topic', 't']);
  } finally {
    await broker.remove();
  }
}

/** How a command reacts to a signal after its broker has gone down. */
async function interrupted(running: ReturnType<typeof start>): Promise<{ code: number | null; ms: number }> {
  const since = performance.now();
  running.child.kill('SIGINT');
  return { code: await running.closed, ms: performance.now() - since };
}

test.each([[[]], [['--sync']]])(
  'Ctrl-C ends a producer %j whose broker went away, and it says what that cost',
  (more) =>
    withBroker(async (broker, at) => {
      const running = start('console-producer', ...at, ...more);
      running.child.stdin.write('one\n');
      await expect
        .poll(
          async () =>
            (await tsKafka(['console-consumer', ...at, '--from-beginning', '--timeout-ms', '500'])).stdout.toString(),
          { timeout: 10_000 },
        )
        .toBe('one\n');
      await broker.stop('SIGKILL');
      running.child.stdin.write('two\n');
      await sleep(500);
      const { code, ms } = await interrupted(running);
      expect(running.said.stderr).toBe('Stopped before every message was acknowledged by the broker.\n');
      expect(code).toBe(130);
      expect(ms).toBeLessThan(3000);
    }),
);

test.each(['classic', 'consumer'])('Ctrl-C ends a consumer (%s) whose broker is down', (protocol) =>
  withBroker(async (broker, at) => {
    await tsKafka(['console-producer', ...at], 'one\n');
    const group = ['--group', 'g', '--from-beginning', '--command-property', `group.protocol=${protocol}`];
    const running = start('console-consumer', ...at, ...group);
    await expect.poll(() => running.said.stdout, { timeout: 10_000 }).toBe('one\n');
    await broker.stop('SIGKILL');
    await sleep(500);
    const { code, ms } = await interrupted(running);
    expect(running.said.stderr).toContain('Processed a total of 1 messages\n');
    expect(code).toBe(130);
    expect(ms).toBeLessThan(3000);
  }),
);

test('Ctrl-C ends a share consumer whose broker is down', () =>
  withBroker(async (broker, at) => {
    const server = at.slice(0, 2);
    const reset = ['--group', 'g', '--add-config', 'share.auto.offset.reset=earliest'];
    await tsKafka(['configs', ...server, '--alter', ...reset]);
    await tsKafka(['console-producer', ...at], 'one\n');
    const running = start('console-share-consumer', ...at, '--group', 'g');
    await expect.poll(() => running.said.stdout, { timeout: 10_000 }).toBe('one\n');
    await broker.stop('SIGKILL');
    await sleep(500);
    const { code, ms } = await interrupted(running);
    expect(running.said.stderr).toContain('Processed a total of 1 messages\n');
    expect(code).toBe(130);
    expect(ms).toBeLessThan(3000);
  }));

test('a record that a share consumer cannot print is redelivered, or rejected', () =>
  withBroker(async (_broker, at) => {
    const server = at.slice(0, 2);
    await tsKafka([
      'configs',
      ...server,
      '--alter',
      '--group',
      'g',
      '--add-config',
      'share.auto.offset.reset=earliest',
    ]);
    await tsKafka(['console-producer', ...at], 'one\nfour\n');
    const integers = ['--value-deserializer', 'org.apache.kafka.common.serialization.IntegerDeserializer'];
    const read = ['console-share-consumer', ...at, '--group', 'g', '--timeout-ms', '2000', ...integers];
    const halted = await tsKafka(read);
    expect(halted).toMatchObject({ code: 1 });
    expect(halted.stdout.toString()).toBe('');
    const skipped = await tsKafka([
      ...read,
      '--reject-message-on-error',
      '--formatter-property',
      'print.delivery=true',
    ]);
    expect(skipped).toMatchObject({ code: 0 });
    // as in Java, output that the formatter wrote for the first record before it failed is kept
    expect(skipped.stdout.toString()).toBe(`Delivery:2\tDelivery:2\t${0x666f7572}\n`);
    expect(skipped.stderr).toContain('rejecting this message');
  }));

test('a consumer ends when its stdout is closed, even if no more records arrive', () =>
  withBroker(async (_broker, at) => {
    await tsKafka(['console-producer', ...at], `${'a line\n'.repeat(100_000)}`);
    const shell = `"${process.execPath}" "${BIN}" console-consumer ${at.join(' ')} --from-beginning | head -1; echo \${PIPESTATUS[0]}`;
    const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) =>
      execFile('bash', ['-c', shell], { timeout: 10_000 }, (_error, stdout, stderr) => resolve({ stdout, stderr })),
    );
    expect(stdout).toBe('a line\n0\n');
    expect(stderr).toMatch(/^Unable to write to standard out, closing consumer.\nProcessed a total of \d+ messages\n$/);
  }));

test("the producer respects a topic's max.message.bytes, also if it is lowered while lines arrive", () =>
  withBroker(async (_, at) => {
    const [server, bootstrap] = at as [string, string];
    const lines = (from: number) => Array.from({ length: 3000 }, (_, i) => `${from + i} ${'x'.repeat(92)}\n`).join('');
    const limit = (bytes: number) => {
      const config = ['--add-config', `max.message.bytes=${bytes}`];
      return tsKafka([
        'configs',
        server,
        bootstrap,
        '--entity-type',
        'topics',
        '--entity-name',
        't',
        '--alter',
        ...config,
      ]);
    };
    const consumed = async () =>
      (await tsKafka(['console-consumer', ...at, '--from-beginning', '--timeout-ms', '1000'])).stdout.toString();
    await tsKafka(['topics', server, bootstrap, '--create', '--topic', 't', '--config', 'max.message.bytes=20000']);
    const running = start('console-producer', ...at);
    running.child.stdin.write(lines(0));
    await expect.poll(async () => (await consumed()) === lines(0), { timeout: 10_000 }).toBe(true);
    expect((await limit(5000)).code).toBe(0);
    running.child.stdin.write(lines(3000));
    running.child.stdin.end(`${'L'.repeat(6000)}\n${lines(6000)}`);
    expect(await running.closed).toBe(1);
    expect(running.said.stderr).toBe(
      'Error when sending message to topic t with key: null, value: 6000 bytes with error: org.apache.kafka.common.errors.' +
        'RecordTooLargeException: The request included a message larger than the max message size the server will accept.\n',
    );
    expect((await consumed()) === lines(0) + lines(3000) + lines(6000)).toBe(true);
  }));

test('with --sync nothing is sent after a line that exceeds the size limit', () =>
  withBroker(async (_broker, at) => {
    const { code, stderr } = await tsKafka(['console-producer', ...at, '--sync'], `a\n${'y'.repeat(5_000_000)}\nz\n`);
    expect(stderr).toContain('RecordTooLargeException: The message is 5000088 bytes when serialized');
    expect(code).toBe(1);
    const seen = await tsKafka(['console-consumer', ...at, '--from-beginning', '--timeout-ms', '1000']);
    expect(seen.stdout.toString()).toBe('a\n');
  }));

test('a topic that is not in the metadata in time is reported with the error of the broker', async () => {
  const broker = await startBroker({ overrides: ['auto.create.topics.enable=false'] });
  try {
    const at = ['--bootstrap-server', broker.bootstrap, '--topic', 'nope', '--max-block-ms', '600'];
    const missing = 'org.apache.kafka.common.errors.TimeoutException: Topic nope not present in metadata after 600 ms.';
    for (const [more, line] of [
      [['--sync'], `java.util.concurrent.ExecutionException: ${missing}`],
      [[], `Error when sending message to topic nope with key: null, value: 1 bytes with error: ${missing}`],
    ] as const) {
      const { code, stderr } = await tsKafka(['console-producer', ...at, ...more], 'x\n');
      const [event, said] = stderr.trimEnd().split('\n');
      expect(event).toContain('{nope=UNKNOWN_TOPIC_OR_PARTITION} (org.apache.kafka.clients.NetworkClient)');
      expect(said).toBe(line);
      expect(code).toBe(1);
    }
  } finally {
    await broker.remove();
  }
});

test('unresolvable bootstrap servers end a producer before it reads a line', async () => {
  const { code, stderr } = await tsKafka([
    'console-producer',
    '--bootstrap-server',
    'nobody.invalid:1',
    '--topic',
    't',
  ]);
  expect(stderr).toBe(
    'org.apache.kafka.common.KafkaException: Failed to construct kafka producer\n' +
      'Caused by: org.apache.kafka.common.config.ConfigException: No resolvable bootstrap urls given in bootstrap.servers\n',
  );
  expect(code).toBe(1);
});

// output of JDK 17
test.each([
  [4.9e-324, '4.9E-324'],
  [2e-3, '0.002'],
  [1e10, '1.0E10'],
  [-0, '-0.0'],
  [1e-5, '1.0E-5'],
  [123456789.125, '1.23456789125E8'],
  [-1e-5, '-1.0E-5'],
  [-12.5, '-12.5'],
])('%s as a double', (value, text) => expect(formatDouble(value)).toBe(text));
test.each([
  [1.401298464324817e-45, '1.4E-45'],
  [1.100000023841858, '1.1'],
  [3.4028234663852886e38, '3.4028235E38'],
])('%s as a float', (value, text) => expect(formatFloat(value)).toBe(text));

test('the first of several lines has an older timestamp than the rest: Java waits for the metadata after it', () =>
  withBroker(async (_broker, at) => {
    await tsKafka(['console-producer', ...at], 'one\ntwo\nthree\n');
    const { stdout } = await tsKafka(['get-offsets', ...at, '--time', 'max-timestamp']);
    expect(stdout.toString()).toBe('t:0:1\n');
  }));

test.each([
  ['UTF-8', 'gr\ufffd\ufffd'],
  ['ISO-8859-1', 'grüß'],
  ['latin1', 'grüß'],
  ['US-ASCII', 'gr\ufffd\ufffd'],
  ['UTF-16', '杲ﳟ'],
])('a string in %s', (encoding, text) => {
  expect(stringDeserializer(encoding)(Buffer.from('gr\xfc\xdf', 'latin1'))).toBe(text);
});
test('an unknown encoding is an error', () =>
  expect(() => stringDeserializer('nope')).toThrow('Unsupported encoding nope'));

test('a deserializer gets the settings prefixed with its property', () =>
  withBroker(async (_broker, at) => {
    await tsKafka(['console-producer', ...at], Buffer.from('gr\xfc\xdf\n', 'latin1'));
    const read = async (property: string) => {
      const string = 'org.apache.kafka.common.serialization.StringDeserializer';
      const formatter = ['--formatter-property', `value.deserializer=${string}`, '--formatter-property', property];
      const once = ['--from-beginning', '--max-messages', '1'];
      return (await tsKafka(['console-consumer', ...at, ...once, ...formatter])).stdout.toString();
    };
    expect(await read('value.deserializer.deserializer.encoding=ISO-8859-1')).toBe('grüß\n');
    expect(await read('value.deserializer.value.deserializer.encoding=ISO-8859-1')).toBe('grüß\n');
    expect(await read('deserializer.encoding=ISO-8859-1')).toBe('gr\ufffd\ufffd\n');
  }));
