/** Runs bin/ts-kafka.js as a user would: by process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const BIN = resolve('bin/ts-kafka.js');

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** What others' environments say must not reach a test. */
const clean = (env: Record<string, string> = {}): Record<string, string> => {
  const kept = Object.entries(process.env).filter(([name]) => !/^(KAFKA_|TS_KAFKA_BOOT|LOG_DIR|XDG_)/.test(name));
  return { ...(Object.fromEntries(kept) as Record<string, string>), ...env };
};

export function start(args: readonly string[], env?: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [BIN, ...args], { env: clean(env) });
}

export function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text) => (stderr += text));
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ code, stdout, stderr }));
  });
}

export function run(
  args: readonly string[],
  options: { env?: Record<string, string>; input?: string } = {},
): Promise<Ended> {
  const child = start(args, options.env);
  const result = ended(child);
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.input ?? '');
  return result;
}

export interface TestServer {
  address: string;
  dir: string;
  child: ChildProcess;
  stop(signal?: NodeJS.Signals): Promise<Ended & { ms: number }>;
}

/** A broker on a free port; resolves once it is ready. */
export async function server(
  dir: string,
  settings: Record<string, string> = {},
  env?: Record<string, string>,
): Promise<TestServer> {
  const all = { listeners: 'PLAINTEXT://localhost:0', ...settings, 'log.dirs': dir };
  const overrides = Object.entries(all).flatMap(([name, value]) => ['--override', `${name}=${value}`]);
  const child = start(['server', ...overrides], env);
  const result = ended(child);
  const address = await new Promise<string>((ready, fail) => {
    let seen = '';
    child.stdout?.on('data', (text) => {
      seen += text;
      const found = / ready on (\S+:\d+)/.exec(seen)?.[1];
      if (found) ready(found);
    });
    result.then(({ stderr }) => fail(new Error(`no server: ${stderr}`)), fail);
  });
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    const since = performance.now();
    child.kill(signal);
    return { ...(await result), ms: performance.now() - since };
  };
  return { address, dir, child, stop };
}

export function tempDir(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'ts-kafka-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}
