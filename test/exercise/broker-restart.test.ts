/** A broker is killed and restarted while console tools are running: no record is lost or duplicated. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { BIN, type BrokerProcess, ROOT, startBroker, tsKafka } from '../support/process.js';

const ROUNDS = 2;
const LINES = 40;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function start(...args: string[]) {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [BIN, ...args], { cwd: ROOT });
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (out.stdout += chunk));
  child.stderr.on('data', (chunk) => (out.stderr += chunk));
  return { child, out, closed: new Promise<number | null>((resolve) => child.on('close', resolve)) };
}

test.each(['classic', 'consumer'])(
  'kill -9 and a restart under a producer and a group (%s)',
  async (protocol) => {
    let broker: BrokerProcess = await startBroker();
    const at = ['--bootstrap-server', broker.bootstrap, '--topic', 't'];
    const written = Array.from({ length: LINES }, (_, i) => `line ${i}`);
    const consumer = start(
      'console-consumer',
      ...at,
      ...['--group', 'g', '--from-beginning', '--max-messages', String(LINES), '--timeout-ms', '40000'],
      ...['--command-property', `group.protocol=${protocol}`],
    );
    const producer = start('console-producer', ...at);
    try {
      expect((await tsKafka(['topics', ...at.slice(0, 2), '--create', '--topic', 't', '--if-not-exists'])).code).toBe(
        0,
      );
      const write = async (from: number, to: number): Promise<void> => {
        for (const line of written.slice(from, to)) {
          producer.child.stdin.write(`${line}\n`);
          await sleep(10);
        }
      };
      const share = LINES / (2 * ROUNDS);
      for (let round = 0; round < ROUNDS; round++) {
        const from = 2 * round * share;
        await write(from, from + share);
        await expect.poll(() => consumer.out.stdout, { timeout: 20_000 }).toContain(`line ${from}\n`);
        await broker.stop('SIGKILL');
        // the producer buffers these until the broker is back
        await write(from + share, from + 2 * share);
        broker = await startBroker({ dir: broker.dir, port: broker.port });
      }
      producer.child.stdin.end();
      expect(await producer.closed).toBe(0);
      expect(producer.out.stderr).toBe('');
      expect(await consumer.closed).toBe(0);
      expect(consumer.out).toEqual({
        stdout: written.map((line) => `${line}\n`).join(''),
        stderr: `Processed a total of ${LINES} messages\n`,
      });
    } finally {
      producer.child.kill('SIGKILL');
      consumer.child.kill('SIGKILL');
      await broker.remove();
    }
  },
  90_000,
);
