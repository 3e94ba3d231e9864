/**
 * The servers that run for this user: one small file each, named by its process id. kafka-server-stop.sh looks through
 * `ps`; a file says the same on every system, and which server is which.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
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

/** Returns what takes it off again. A runtime directory that cannot be written is no reason not to serve. */
export function register(server: Running, env: Env): () => void {
  const file = join(directory(env), `${server.pid}.json`);
  try {
    makeDirectory(directory(env), 0o700);
    writeFileSync(file, JSON.stringify(server));
  } catch {
    return () => {};
  }
  return () => rmSync(file, { force: true });
}

/** Those that are alive and still ours; files of others are cleared away. */
export function running(env: Env): Running[] {
  const servers: Running[] = [];
  for (const name of files(directory(env))) {
    const file = join(directory(env), name);
    try {
      const server = JSON.parse(readFileSync(file, 'utf8')) as Running;
      if (isServer(server.pid)) servers.push(server);
      else rmSync(file, { force: true });
    } catch {
      rmSync(file, { force: true });
    }
  }
  return servers;
}

function files(dir: string): string[] {
  try {
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
