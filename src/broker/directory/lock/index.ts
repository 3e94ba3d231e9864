/**
 * Ensures that only one process uses a log directory, with the same lock as Kafka: an exclusive lock on the file
 * `.lock`. A JVM's `FileChannel.tryLock` and ours exclude each other, even across containers and network namespaces,
 * and the kernel releases the lock when the process dies, kill -9 included. The file is never deleted: a process that
 * had opened it earlier would then lock a file that no other process sees.
 */
import { closeSync, existsSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { holderOf, lockedElsewhere } from './holder.js';
import { loadNative, tryLock } from './native.js';
import { liveSocket, lockBySocket } from './socket-lock.js';

/** A held lock. */
export interface DirectoryLock {
  /** one line for the user if the lock is weaker than Kafka's */
  readonly note: string | undefined;
  release(): void;
}

/** Another process holds the lock. */
export class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse';
}

export const LOCK_FILE = '.lock';

/** Whether a process has ever locked this directory; if not, it cannot be locked now. */
export const wasLocked = (dir: string): boolean => existsSync(join(dir, LOCK_FILE));

/** Locks an existing directory. Throws DirectoryInUse, or the error from opening `.lock` (EACCES, EROFS …). */
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

/** If file locks are unavailable, a socket excludes other ts-kafka processes; Kafka's lock can only be checked once. */
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

/**
 * Writes the line that identifies this process to others. Without it, for example on a full disk, the lock still holds.
 */
function sign(fd: number): void {
  try {
    ftruncateSync(fd, 0);
    writeSync(fd, `${process.pid}@${hostname()}\n`, 0);
  } catch {
    // not needed for the lock itself
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
