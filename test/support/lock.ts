/** Starts servers on a directory in use, and builds the expected error. */
import { spawn } from 'node:child_process';
import { BIN, ended, ROOT } from './process.js';

/** The command line of a server with a given directory and any free port. */
export const serverOn = (dir: string): string[] => [
  process.execPath,
  BIN,
  'server',
  ...[`log.dirs=${dir}`, 'listeners=PLAINTEXT://localhost:0'].flatMap((setting) => ['--override', setting]),
];

export const storage = (...args: string[]): string[] => [process.execPath, BIN, 'storage', ...args];

/** Runs a command line to its end, for at most 20 s. */
export async function runWords(words: readonly string[], env: NodeJS.ProcessEnv) {
  const [file, ...args] = words;
  const child = spawn(file as string, args, { cwd: ROOT, env: { ...process.env, ...env } });
  const { code, stdout, stderr } = await ended(child, '', 20_000);
  return { code, stdout: stdout.toString(), stderr };
}

export const refusal = (dir: string, who: string): string =>
  `data directory ${dir} is in use by ${who}: stop it, or choose another directory with log.dirs\n`;
