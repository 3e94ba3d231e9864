import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { resolve } from 'node:path';

export const BIN = resolve(import.meta.dirname, '../../bin/ts-kafka.js');

/** The environment of the test run, without variables that change the output. */
export function cleanEnv(extra: Record<string, string> = {}): Record<string, string> {
  const { FORCE_COLOR, NO_COLOR, TS_KAFKA_BOOTSTRAP_SERVER, TS_KAFKA_PROFILE, ...rest } = process.env;
  return { ...rest, XDG_CONFIG_HOME: '/nonexistent', TERM: 'xterm', ...extra } as Record<string, string>;
}

export interface Outcome {
  stdout: string;
  stderr: string;
  code: number | null;
}

/** Runs `ts-kafka ARGV` with stdio pipes. `during` receives the running process. */
export function run(argv: string[], env = cleanEnv(), during?: (child: ChildProcess) => void): Promise<Outcome> {
  const child = spawn(process.execPath, [BIN, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const out: Outcome = { stdout: '', stderr: '', code: null };
  child.stdout.on('data', (data) => {
    out.stdout += data;
  });
  child.stderr.on('data', (data) => {
    out.stderr += data;
  });
  during?.(child);
  return new Promise((done) => child.on('close', (code) => done({ ...out, code })));
}

/** A server that accepts connections and never answers. */
export function silentServer(): Promise<{ port: number; server: Server }> {
  const server = createServer((socket) => socket.on('error', () => {}));
  return new Promise((done) =>
    server.listen(0, '127.0.0.1', () => done({ server, port: (server.address() as { port: number }).port })),
  );
}
