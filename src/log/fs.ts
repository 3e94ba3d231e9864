/**
 * The file system calls of the log. Tests substitute implementations that fail, tear writes or lose them (power loss).
 * Writes are synchronous (into the page cache: faster than the thread pool); syncs never are.
 */
import * as fs from 'node:fs';
import { makeDirectory } from './make-directory.js';

export interface LogFs {
  /** Opens for reading and writing; ENOENT unless `create`. */
  open(path: string, create: boolean): number;
  close(fd: number): void;
  size(fd: number): number;
  /** Can write fewer bytes than `length`; `writeAll` continues. */
  write(fd: number, buf: Buffer, offset: number, length: number, position: number): number;
  read(fd: number, buf: Buffer, offset: number, length: number, position: number): Promise<number>;
  readSync(fd: number, buf: Buffer, offset: number, length: number, position: number): number;
  /** fdatasync */
  sync(fd: number): Promise<void>;
  truncate(fd: number, size: number): void;
  rename(from: string, to: string): void;
  unlink(path: string): void;
  mkdir(path: string): void;
  rmdir(path: string): void;
  /** Names in a directory; ENOENT when it does not exist. */
  list(path: string): string[];
  /** Makes creations, renames and removals in a directory durable. */
  syncDir(path: string): Promise<void>;
}

const promised = (call: (done: (e: NodeJS.ErrnoException | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => call((e) => (e ? reject(e) : resolve())));

export const nodeFs: LogFs = {
  open: (path, create) => fs.openSync(path, create ? fs.constants.O_RDWR | fs.constants.O_CREAT : 'r+'),
  close: (fd) => fs.closeSync(fd),
  size: (fd) => fs.fstatSync(fd).size,
  write: (fd, buf, offset, length, position) => fs.writeSync(fd, buf, offset, length, position),
  read: (fd, buf, offset, length, position) =>
    new Promise((resolve, reject) =>
      fs.read(fd, buf, offset, length, position, (e, n) => (e ? reject(e) : resolve(n))),
    ),
  readSync: (fd, buf, offset, length, position) => fs.readSync(fd, buf, offset, length, position),
  sync: (fd) => promised((done) => fs.fdatasync(fd, done)),
  truncate: (fd, size) => fs.ftruncateSync(fd, size),
  rename: (from, to) => fs.renameSync(from, to),
  unlink: (path) => fs.unlinkSync(path),
  mkdir: makeDirectory,
  rmdir: (path) => fs.rmdirSync(path),
  list: (path) => fs.readdirSync(path),
  // Windows cannot fsync a directory; NTFS journals renames
  syncDir: async (path) => {
    if (process.platform === 'win32') return;
    const dir = await fs.promises.open(path, 'r');
    try {
      await dir.sync();
    } finally {
      await dir.close();
    }
  },
};

/** Writes the whole buffer: write(2) can write fewer bytes than asked. */
export function writeAll(io: LogFs, fd: number, buf: Buffer, position: number): void {
  for (let done = 0; done < buf.length; ) {
    const n = io.write(fd, buf, done, buf.length - done, position + done);
    if (n <= 0) throw Object.assign(new Error('write returned 0'), { code: 'EIO' });
    done += n;
  }
}

/** Reads up to `length` bytes; returns fewer at the end of the file. */
export async function readAll(io: LogFs, fd: number, length: number, position: number): Promise<Buffer> {
  const buf = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    const n = await io.read(fd, buf, done, length - done, position + done);
    if (n === 0) break;
    done += n;
  }
  return done === length ? buf : buf.subarray(0, done);
}

export function readAllSync(io: LogFs, fd: number, length: number, position: number): Buffer {
  const buf = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    const n = io.readSync(fd, buf, done, length - done, position + done);
    if (n === 0) break;
    done += n;
  }
  return done === length ? buf : buf.subarray(0, done);
}

const codeOf = (e: unknown): string | undefined => (e as NodeJS.ErrnoException).code;

/** Reads a small file; undefined when it does not exist. */
export function readFile(io: LogFs, path: string): Buffer | undefined {
  let fd: number;
  try {
    fd = io.open(path, false);
  } catch (e) {
    if (codeOf(e) === 'ENOENT') return undefined;
    throw e;
  }
  try {
    return readAllSync(io, fd, io.size(fd), 0);
  } finally {
    io.close(fd);
  }
}

/** Writes a small file in place, without a sync: for files that can be rebuilt. */
export function writeFile(io: LogFs, path: string, data: Buffer): void {
  const fd = io.open(path, true);
  try {
    io.truncate(fd, 0);
    writeAll(io, fd, data, 0);
  } finally {
    io.close(fd);
  }
}

/** Replaces a small file atomically: after a power loss either the old or the new content is there, complete. */
export async function replaceFile(io: LogFs, path: string, data: Buffer): Promise<void> {
  const tmp = `${path}.tmp`;
  const fd = io.open(tmp, true);
  try {
    io.truncate(fd, 0);
    writeAll(io, fd, data, 0);
    await io.sync(fd);
  } finally {
    io.close(fd);
  }
  io.rename(tmp, path);
  await io.syncDir(path.slice(0, path.lastIndexOf('/')) || '/');
}

export function listOrNone(io: LogFs, path: string): string[] {
  try {
    return io.list(path);
  } catch (e) {
    if (codeOf(e) === 'ENOENT') return [];
    throw e;
  }
}

/** Removes a file; no error when it does not exist. */
export function remove(io: LogFs, path: string): void {
  try {
    io.unlink(path);
  } catch (e) {
    if (codeOf(e) !== 'ENOENT') throw e;
  }
}
