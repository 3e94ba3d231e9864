/** The record is the unit of progress: whatever ends a consumer or takes its partitions, each record is printed once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { BIN, type BrokerProcess, ROOT, startBroker, tempDir, tsKafka } from '../support/process.js';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const lines = (count: number, from = 1) => Array.from({ length: count }, (_, i) => `${from + i}\n`).join('');

interface Place {
  readonly broker: BrokerProcess;
  readonly dir: string;
  /** --bootstrap-server and --topic */
  readonly at: string[];
}

/** A broker with topic t; KIP-848's heartbeats are every second, so that members hear of each other soon. */
async function withTopic(partitions: number, work: (place: Place) => Promise<void>): Promise<void> {
  const temp = tempDir();
  const overrides = ['min.heartbeat.interval.ms=500', 'heartbeat.interval.ms=500'];
  const broker = await startBroker({ overrides: overrides.map((setting) => `group.consumer.${setting}`) });
  try {
    const at = ['--bootstrap-server', broker.bootstrap, '--topic', 't'];
    await tsKafka(['topics', ...at, '--create', '--partitions', `${partitions}`]);
    await work({ broker, dir: temp.path, at });
  } finally {
    await broker.remove();
    temp.remove();
  }
}

/** A shell line in which "$@" is ts-kafka with these words. */
function shell(line: string, words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child: ChildProcess = spawn('bash', ['-c', line, 'bash', process.execPath, BIN, ...words], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr?.on('data', (chunk) => (stderr += chunk));
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, stderr })),
  );
  return { child, ended };
}

/** Waits until a file is there with something in it. */
async function begun(file: string): Promise<void> {
  await vi.waitUntil(() => existsSync(file) && statSync(file).size > 0, { timeout: 20_000 });
}

/** A reader of a pipe that takes a few bytes, and the rest once the file $OUT.go is there. */
const SLOW = '{ head -c 20; until [ -e "$OUT.go" ]; do sleep .1; done; cat; } >"$OUT"';
/** ts-kafka with such a reader is sent a signal while the pipe is full; then it reads on. */
const endedBy = (signal: string) => `mkfifo "$OUT.pipe"; ${SLOW} <"$OUT.pipe" & "$@" >"$OUT.pipe" & pid=$!
  until [ -s "$OUT" ]; do sleep .1; done; sleep 1; at=$(date +%s%3N); kill -s ${signal.slice(3)} $pid; wait $pid; code=$?
  echo "code $code after $(( $(date +%s%3N) - at )) ms" >&2; touch "$OUT.go"; wait`;

const processed = (stderr: string): number => Number(/Processed a total of (\d+) messages/.exec(stderr)?.[1] ?? -1);

async function committed({ broker }: Place, group: string): Promise<number> {
  const { stdout } = await tsKafka([
    'consumer-groups', '--bootstrap-server', broker.bootstrap, '--describe', '--offsets', '--group', group,
  ]); // biome-ignore format: one line of flags
  const rows = stdout.toString().trim().split('\n').slice(1);
  return rows.reduce((sum, row) => sum + (Number(row.split(/\s+/)[3]) || 0), 0);
}

/** The lines of these files, which of them are there twice, and how many there are. */
function counted(...files: string[]): { twice: string[]; different: number } {
  const all = files.flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(0, -1));
  const seen = new Set<string>();
  const twice = all.filter((line) => seen.size === seen.add(line).size);
  return { twice: twice.slice(0, 10), different: seen.size };
}

const protocols = [
  ['classic', ['group.protocol=classic']],
  ['cooperative', ['partition.assignment.strategy=org.apache.kafka.clients.consumer.CooperativeStickyAssignor']],
  ['KIP-848', ['group.protocol=consumer']],
] as const;
const properties = (list: readonly string[]) => list.flatMap((property) => ['--command-property', property]);

test.concurrent.each(protocols)(
  'a reader that is slow while a second member joins gets each record once: %s',
  { timeout: 60_000 },
  (_, settings) =>
    withTopic(2, async (place) => {
      const { at, dir } = place;
      await tsKafka(['console-producer', ...at, '--batch-size', '2000'], lines(60_000));
      const words = ['console-consumer', ...at, '--group', 'g', '--from-beginning', '--timeout-ms', '8000'];
      const more = settings.some((setting) => setting.endsWith('=consumer')) ? [] : ['heartbeat.interval.ms=500'];
      words.push(...properties([...settings, ...more]));
      const one = path.join(dir, 'one');
      const two = path.join(dir, 'two');
      const slow = shell(`"$@" | ${SLOW}`, words, { OUT: one });
      await begun(one);
      const second = await shell('exec "$@" >"$OUT"', words, { OUT: two }).ended;
      writeFileSync(`${one}.go`, '');
      const ended = [await slow.ended, second];
      expect(counted(one, two)).toEqual({ twice: [], different: 60_000 });
      // while the first was held up, the second got what it had not printed
      expect(processed(second.stderr)).toBeGreaterThan(10_000);
      expect(ended.reduce((sum, { stderr }) => sum + processed(stderr), 0)).toBe(60_000);
    }),
);

test.concurrent.each(protocols)(
  'members that come and go while lines stream in print each once: %s',
  { timeout: 90_000 },
  (_, settings) =>
    withTopic(6, async (place) => {
      const { at, dir } = place;
      const classic = !settings.some((setting) => setting.endsWith('=consumer'));
      const words = ['console-consumer', ...at, '--group', 'g', '--from-beginning'];
      words.push(...properties([...settings, ...(classic ? ['heartbeat.interval.ms=300'] : [])]));
      const producer = spawn(process.execPath, [BIN, 'console-producer', ...at, '--batch-size', '500'], { cwd: ROOT });
      const sent = new Promise((resolve) => producer.on('close', resolve));
      let count = 0;
      const feed = setInterval(() => {
        producer.stdin.write(lines(300, count + 1));
        count += 300;
      }, 50);
      const files: string[] = [];
      const member = (line = 'exec "$@" >"$OUT"', more: string[] = []) => {
        files.push(path.join(dir, `${files.length}`));
        return shell(line, [...words, ...more], { OUT: files.at(-1) as string });
      };
      const comeAndGo = async (stayMs: number) => {
        for (let i = 0; i < 4; i++) {
          const { child, ended } = member();
          await sleep(stayMs);
          child.kill('SIGTERM');
          await ended;
        }
      };
      await Promise.all([comeAndGo(2100), comeAndGo(1700), comeAndGo(1300), comeAndGo(2500)]);
      clearInterval(feed);
      producer.stdin.end();
      await sent;
      await member('exec "$@" >"$OUT"', ['--timeout-ms', '5000']).ended;
      const printed = counted(...files);
      // nothing is committed that was not printed, whatever is left to read
      expect(await committed(place, 'g')).toBe(printed.different);
      expect(printed).toEqual({ twice: [], different: count });
    }),
);

test.concurrent('a reader that closes the pipe: what the pipe took is consumed, and nothing else', () =>
  withTopic(1, async (place) => {
    await tsKafka(['console-producer', ...place.at], lines(200_000));
    const words = ['console-consumer', ...place.at, '--group', 'g', '--from-beginning'];
    const { stderr } = await shell('"$@" | head -5', words).ended;
    expect(stderr).toContain('Unable to write to standard out, closing consumer.\n');
    const count = processed(stderr);
    expect(count).toBeGreaterThanOrEqual(5);
    // a pipe holds 64 KiB
    expect(count).toBeLessThan(20_000);
    expect(await committed(place, 'g')).toBe(count);
  }));

test.concurrent.each(['SIGINT', 'SIGTERM'] as const)(
  '%s while the reader of the pipe takes nothing: the consumer ends soon, and what the pipe holds is consumed',
  { timeout: 60_000 },
  (signal) =>
    withTopic(1, async (place) => {
      const { at, dir } = place;
      await tsKafka(['console-producer', ...at], lines(200_000));
      const words = ['console-consumer', ...at, '--group', 'g', '--from-beginning'];
      const out = path.join(dir, 'out');
      const { stderr } = await shell(endedBy(signal), words, { OUT: out }).ended;
      const [, code, ms] = /code (\d+) after (\d+) ms/.exec(stderr) as RegExpExecArray;
      expect(Number(code)).toBe(signal === 'SIGINT' ? 130 : 143);
      expect(Number(ms)).toBeLessThan(1500);
      const { different, twice } = counted(out);
      expect(twice).toEqual([]);
      expect(different).toBeLessThan(200_000);
      expect(readFileSync(out, 'utf8')).toBe(lines(different));
      expect(processed(stderr)).toBe(different);
      expect(await committed(place, 'g')).toBe(different);
    }),
);

test.concurrent('a full disk: nothing that is not on it is consumed, and that is said', () =>
  withTopic(1, async (place) => {
    await tsKafka(['console-producer', ...place.at], lines(1000));
    const words = ['console-consumer', ...place.at, '--group', 'g', '--from-beginning', '--timeout-ms', '10000'];
    const { code, stderr } = await shell('exec "$@" >/dev/full', words).ended;
    expect(stderr).toContain('no space left on device');
    expect(processed(stderr)).toBe(0);
    expect(code).toBe(1);
    expect(await committed(place, 'g')).toBe(0);
  }));

test.concurrent('runs of --max-messages in one group go on where the last one ended', () =>
  withTopic(1, async (place) => {
    await tsKafka(['console-producer', ...place.at], lines(1000));
    const words = ['console-consumer', ...place.at, '--group', 'g', '--from-beginning', '--max-messages', '7'];
    const keys = [[], ['--formatter-property', 'print.offset=true']];
    for (const [i, more] of keys.entries()) {
      const { stdout } = await tsKafka([...words, ...more]);
      const values = stdout.toString().trim().split('\n').map((line) => Number(line.split('\t').at(-1))); // biome-ignore format: one step
      expect(values).toEqual(Array.from({ length: 7 }, (_, n) => i * 7 + n + 1));
      expect(await committed(place, 'g')).toBe(7 * (i + 1));
    }
  }));

test.concurrent('a share consumer whose reader takes nothing acknowledges what the pipe took, and the next one gets the rest', () =>
  withTopic(1, async (place) => {
    const { at, dir } = place;
    const reset = ['--group', 'g', '--alter', '--add-config', 'share.auto.offset.reset=earliest'];
    await tsKafka(['configs', ...at.slice(0, 2), ...reset]);
    await tsKafka(['console-producer', ...at], lines(40_000));
    const words = ['console-share-consumer', ...at, '--group', 'g'];
    const first = path.join(dir, 'first');
    const { stderr } = await shell(endedBy('SIGTERM'), words, { OUT: first }).ended;
    const rest = path.join(dir, 'rest');
    const end = await shell('exec "$@" >"$OUT"', [...words, '--timeout-ms', '3000'], { OUT: rest }).ended;
    expect(counted(first)).toEqual({ twice: [], different: processed(stderr) });
    expect(processed(stderr)).toBeGreaterThan(0);
    expect(processed(end.stderr)).toBe(40_000 - processed(stderr));
    expect(counted(first, rest)).toEqual({ twice: [], different: 40_000 });
  }));

test.concurrent('a share consumer whose pipe is closed acknowledges what the pipe took', () =>
  withTopic(1, async (place) => {
    const { at, dir } = place;
    const reset = ['--group', 'g', '--alter', '--add-config', 'share.auto.offset.reset=earliest'];
    await tsKafka(['configs', ...at.slice(0, 2), ...reset]);
    await tsKafka(['console-producer', ...at], lines(5000));
    const words = ['console-share-consumer', ...at, '--group', 'g'];
    const { stderr } = await shell('"$@" | head -5', words).ended;
    const rest = path.join(dir, 'rest');
    await shell('exec "$@" >"$OUT"', [...words, '--timeout-ms', '3000'], { OUT: rest }).ended;
    expect(processed(stderr)).toBeGreaterThanOrEqual(5);
    expect(readFileSync(rest, 'utf8')).toBe(lines(5000 - processed(stderr), processed(stderr) + 1));
  }));

test.concurrent(
  'a verifiable consumer whose reader is slow while a second member joins: each record is in one event',
  { timeout: 60_000 },
  () =>
    withTopic(2, async (place) => {
      const { at, dir } = place;
      await tsKafka(['console-producer', ...at, '--batch-size', '2000'], lines(8000));
      const words = ['verifiable-consumer', ...at, '--group-id', 'g', '--reset-policy', 'earliest', '--verbose'];
      words.push('--group-protocol', 'consumer');
      const one = path.join(dir, 'one');
      const two = path.join(dir, 'two');
      const slow = shell(`timeout 14 "$@" | ${SLOW}`, words, { OUT: one });
      await begun(one);
      const second = shell('timeout 10 "$@" >"$OUT"', words, { OUT: two });
      await sleep(3000);
      writeFileSync(`${one}.go`, '');
      await Promise.all([slow.ended, second.ended]);
      const events = [one, two].flatMap((file) =>
        readFileSync(file, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      );
      const offsets = events.filter(({ name }) => name === 'record_data').map((e) => `${e.partition} ${e.offset}`);
      expect(offsets).toHaveLength(8000);
      expect(new Set(offsets).size).toBe(8000);
    }),
);
