/**
 * One process to a log directory, by the lock that Kafka takes: an exclusive lock on the file `.lock`. A JVM's
 * `FileChannel.tryLock` and ours refuse each other, in other containers and network namespaces too, and the kernel frees
 * the lock with the process, kill -9 included. The file stays when the lock goes: were it removed, a process that had
 * opened it before would lock a file that nobody else finds.
 */
import { closeSync, existsSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { holderOf, lockedElsewhere } from './holder.js';
import { loadNative, tryLock } from './native.js';
import { liveSocket, lockBySocket } from './socket-lock.js';

export interface DirectoryLock {
  /** one line for the operator where the lock is weaker than Kafka's */
  readonly note: string | undefined;
  release(): void;
}

export class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse';
}

export const LOCK_FILE = '.lock';

/** Whether some process locked this directory before; only then can one hold it now. */
export const wasLocked = (dir: string): boolean => existsSync(join(dir, LOCK_FILE));

/** Locks a directory that exists. Throws DirectoryInUse, or what opening its `.lock` threw (EACCES, EROFS …). */
export async function lockDirectory(dir: string): Promise<DirectoryLock> {
  const file = join(dir, LOCK_FILE);
  const fd = openSync(file, 'a+', 0o644);
  try {
    const native = loadNative();
    const why = native instanceof Error ? native : tryLock(native, fd);
    if (why === 'held') throw inUse(dir, holderOf(file));
    if (why instanceof Error) return await weakLock(dir, file, fd, why);
    const other = await liveSocket(dir);
    if (other !== undefined) throw inUse(dir, other);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  sign(fd);
  return { note: undefined, release: once(() => unsign(fd)) };
}

/** Where no file lock can be had: a socket keeps our own processes apart, and Kafka's lock is looked at once. */
async function weakLock(dir: string, file: string, fd: number, why: Error): Promise<DirectoryLock> {
  if (lockedElsewhere(file)) throw inUse(dir, holderOf(file));
  const socket = await lockBySocket(dir);
  if (typeof socket === 'string') throw inUse(dir, socket);
  closeSync(fd);
  const [reason] = why.message.split('\n');
  return {
    note: `${file} cannot be locked (${reason}): a socket in ${dir} keeps other ts-kafka processes out, but nothing keeps Apache Kafka out`,
    release: once(() => socket.release()),
  };
}

/** The line by which the next one names us. A full disk is no reason not to hold the lock. */
function sign(fd: number): void {
  try {
    ftruncateSync(fd, 0);
    writeSync(fd, `${process.pid}@${hostname()}\n`, 0);
  } catch {
    // the lock holds without it
  }
}

function unsign(fd: number): void {
  try {
    ftruncateSync(fd, 0);
  } catch {
    // as above
  }
  closeSync(fd);
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}

const inUse = (dir: string, who: string): DirectoryInUse =>
  new DirectoryInUse(`data directory ${dir} is in use by ${who}`);
