/** Runs commands and brokers as processes, as users do. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const BIN = path.join(ROOT, 'bin/ts-kafka.js');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs a program to its end, with `input` as its stdin. Kills it after `timeoutMs`. */
export function run(
  file: string,
  args: readonly string[],
  input: string | Buffer = '',
  timeoutMs = 30_000,
): Promise<Ended> {
  return ended(spawn(file, args, { cwd: ROOT }), input, timeoutMs);
}

/** Runs one of our commands: `tsKafka(['topics', '--list', …])`. */
export const tsKafka = (args: readonly string[], input: string | Buffer = '', timeoutMs = 30_000): Promise<Ended> =>
  run(process.execPath, [BIN, ...args], input, timeoutMs);

/** The same, with additional environment variables. */
export const tsKafkaWith = (env: Readonly<Record<string, string>>, args: readonly string[]): Promise<Ended> =>
  ended(spawn(process.execPath, [BIN, ...args], { cwd: ROOT, env: { ...process.env, ...env } }), '', 30_000);

export function tempDir(): { path: string; remove: () => void } {
  const dir = mkdtempSync(path.join(tmpdir(), 'ts-kafka-test-'));
  return { path: dir, remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }) };
}

export function ended(
  child: ChildProcessWithoutNullStreams,
  input: string | Buffer,
  timeoutMs: number,
): Promise<Ended> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk) => stdout.push(chunk));
  child.stderr.on('data', (chunk) => stderr.push(chunk));
  // a command can exit before it has read all of its input
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() });
    });
  });
}

export interface BrokerProcess {
  readonly bootstrap: string;
  /** one per listener */
  readonly addresses: readonly string[];
  readonly port: number;
  readonly dir: string;
  readonly pid: number;
  /** Its stderr output so far. */
  said(): string;
  /** Ends it with a signal and waits for its remaining output; keeps the directory. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null; stderr: string; ms: number }>;
  /** Ends it and removes the directory. */
  remove(): Promise<void>;
}

/** Starts the embedded broker, by default on a free port with a fresh directory. Resolves when it is ready. */
export async function startBroker(
  options: { port?: number; dir?: string; overrides?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
): Promise<BrokerProcess> {
  const dir = options.dir ?? mkdtempSync(path.join(tmpdir(), 'ts-kafka-test-'));
  const settings = [
    `listeners=PLAINTEXT://localhost:${options.port ?? 0}`,
    `log.dirs=${path.join(dir, 'data')}`,
    ...(options.overrides ?? []),
  ];
  const child = spawn(process.execPath, [BIN, 'server', ...settings.flatMap((s) => ['--override', s])], {
    cwd: ROOT,
    env: { ...process.env, ...options.env },
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const addresses = await new Promise<string[]>((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`the broker is not ready after 20 s: ${said}`)), 20_000);
    const read = (chunk: Buffer): void => {
      said += chunk;
      const ready = /ready on (\S+:\d+(?:, \S+:\d+)*),/.exec(said);
      if (!ready) return;
      clearTimeout(timer);
      resolve((ready[1] as string).split(', '));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('close', (code) => reject(new Error(`the broker ended with ${code}: ${said}`)));
  });
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    const since = performance.now();
    child.kill(signal);
    const code = await closed;
    return { code, stderr, ms: performance.now() - since };
  };
  const remove = async (): Promise<void> => {
    await stop('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  };
  const bootstrap = addresses[0] as string;
  const port = Number(bootstrap.split(':').at(-1));
  return { bootstrap, addresses, port, dir, pid: child.pid as number, said: () => stderr, stop, remove };
}
