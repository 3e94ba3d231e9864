/**
 * Safe access to files in places where other users can create files (/tmp, shared directories): links are not followed,
 * and files of other users are rejected. Windows has no such owners; its temporary directory belongs to the user.
 */
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';

const { O_CREAT, O_EXCL, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
/** 0 on Windows, which lacks it */
const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0;
const GROUP_AND_OTHERS = 0o077;

/** The file or directory is a link or belongs to another user. The message names it. */
export class NotOwn extends Error {
  override readonly name = 'NotOwn';
}

const uidOf = (): number | undefined => process.getuid?.();

function checkOwner(path: string, { uid }: Stats, own: number | undefined): void {
  if (own !== undefined && uid !== own) throw new NotOwn(`${path} belongs to another user`);
}

/** Creates a directory that only this user can access, or checks an existing one. Throws NotOwn, or the error of mkdir. */
export function ownDirectory(path: string, uid = uidOf()): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const { mode } = checkDirectory(path, uid);
  if (uid !== undefined && (mode & GROUP_AND_OTHERS) !== 0) chmodSync(path, 0o700);
}

/** Throws NotOwn for a link or another user's directory, or the error of lstat. */
export function checkDirectory(path: string, uid = uidOf()): Stats {
  const found = lstatSync(path);
  if (!found.isDirectory()) throw new NotOwn(`${path} is not a directory`);
  checkOwner(path, found, uid);
  return found;
}

/** Writes a new file; an existing file or link is removed first, not written through. */
export function writeNew(path: string, text: string, mode: number): void {
  rmSync(path, { force: true });
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  try {
    // independent of the umask
    fchmodSync(fd, mode);
    writeFileSync(fd, text);
  } finally {
    closeSync(fd);
  }
}

/** Replaces a file atomically: readers see the old text or the new one. */
export function replaceFile(path: string, text: string, mode: number): void {
  const beside = `${path}.${process.pid}.new`;
  writeNew(beside, text, mode);
  renameSync(beside, path);
}

/** Reads a file of this user. Throws NotOwn, or the error of open. */
export function readOwn(path: string, uid = uidOf()): string {
  // O_NONBLOCK: opening a FIFO would otherwise wait for a writer
  const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const found = fstatSync(fd);
    if (!found.isFile()) throw new NotOwn(`${path} is not a file`);
    checkOwner(path, found, uid);
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

/** Opens and truncates a file for the output of a background process. Throws NotOwn, or the error of open. */
export function openOutput(path: string, uid = uidOf()): number {
  const fd = openSync(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o644);
  try {
    const found = fstatSync(fd);
    if (!found.isFile() || found.nlink !== 1) throw new NotOwn(`${path} is not a file of its own`);
    checkOwner(path, found, uid);
    ftruncateSync(fd);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
