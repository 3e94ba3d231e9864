/**
 * The registry of this user's running servers: one small file each, named after the process id. kafka-server-stop.sh
 * searches the output of `ps`; files work on every system, and also tell the servers apart.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { checkDirectory, ownDirectory, readOwn, writeNew } from '../../cli/own-files.js';
import { makeDirectory } from '../../log/make-directory.js';

export interface Running {
  readonly pid: number;
  readonly nodeId: number;
  readonly logDir: string;
  readonly address: string;
}

type Env = Readonly<Record<string, string | undefined>>;

const directory = (env: Env): string =>
  join(env.XDG_RUNTIME_DIR || tmpdir(), `ts-kafka-${userInfo().uid < 0 ? userInfo().username : userInfo().uid}`);

/** The registry's directory, created if missing. Throws NotOwn if it belongs to another user, or the error of mkdir. */
export function openRegistry(env: Env): string {
  if (env.XDG_RUNTIME_DIR) makeDirectory(env.XDG_RUNTIME_DIR, 0o700);
  const dir = directory(env);
  ownDirectory(dir);
  return dir;
}

/**
 * Registers a server. Returns the function that unregisters it. The broker runs even if the registry is unusable, but
 * with a warning, since server-stop will not find it.
 */
export function register(server: Running, env: Env, warn: (line: string) => void): () => void {
  try {
    const file = join(openRegistry(env), `${server.pid}.json`);
    writeNew(file, JSON.stringify(server), 0o600);
    return () => rmSync(file, { force: true });
  } catch (error) {
    warn(
      `${(error as Error).message}: server-stop will not find this server; set XDG_RUNTIME_DIR to a folder of yours`,
    );
    return () => {};
  }
}

/** The servers that are running. Removes our stale files (the process is gone or not a server); leaves other users' files alone. */
export function running(env: Env): Running[] {
  const servers: Running[] = [];
  const dir = directory(env);
  for (const name of files(dir)) {
    const file = join(dir, name);
    try {
      const server = JSON.parse(readOwn(file)) as Running;
      if (`${server.pid}.json` === name && isServer(server.pid)) servers.push(server);
      else rmSync(file, { force: true });
    } catch (error) {
      if (error instanceof SyntaxError) rmSync(file, { force: true });
    }
  }
  return servers;
}

/** Empty if the directory is missing, or does not belong to this user. */
function files(dir: string): string[] {
  try {
    checkDirectory(dir);
    return readdirSync(dir).filter((name) => /^\d+\.json$/.test(name));
  } catch {
    return [];
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Exited but not yet reaped by its parent: a container's init can take a while. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return /^\d+ \(.*\) Z /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

/** Checks the command line as well: the process id could have been reused by another program. */
function isServer(pid: number): boolean {
  if (!isAlive(pid)) return false;
  const words = commandLine(pid);
  return words === undefined || /\b(server|server-start)\b/.test(words);
}

function commandLine(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    if (process.platform === 'win32') return undefined;
    return execFileSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8', timeout: 2000 });
  } catch {
    return undefined;
  }
}
