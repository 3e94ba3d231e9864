/**
 * The servers that run for this user: one small file each, named by its process id. kafka-server-stop.sh looks through
 * `ps`; a file says the same on every system, and which server is which.
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

/** The registry, made where it is missing. Throws NotOwn where another user was there first, or what mkdir threw. */
export function openRegistry(env: Env): string {
  if (env.XDG_RUNTIME_DIR) makeDirectory(env.XDG_RUNTIME_DIR, 0o700);
  const dir = directory(env);
  ownDirectory(dir);
  return dir;
}

/**
 * Returns what takes it off again. A registry that cannot be used is no reason not to serve: it is warned of, since
 * server-stop will not find this server.
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

/** Those that are alive and still servers. Files of ours that name another process are cleared away; others' are left alone. */
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

/** None where the folder is missing, or is not this user's. */
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

/** Ended, but its parent has not asked yet: a container's init may take its time. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return /^\d+ \(.*\) Z /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

/** A process id may have gone to another program since: only what runs as a server is one. */
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
