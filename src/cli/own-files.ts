/**
 * Files in places where other users may have put something first (/tmp, a shared folder): no link is followed, and what
 * belongs to somebody else is not used. Windows has no owners; its temporary folder is the user's own.
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
/** 0 on Windows, which has neither */
const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0;
const GROUP_AND_OTHERS = 0o077;

/** Why a file or folder is not used. Its message names it. */
export class NotOwn extends Error {
  override readonly name = 'NotOwn';
}

const uidOf = (): number | undefined => process.getuid?.();

function checkOwner(path: string, { uid }: Stats, own: number | undefined): void {
  if (own !== undefined && uid !== own) throw new NotOwn(`${path} belongs to another user`);
}

/** Makes a folder that only this user can enter, or takes the one there is. Throws NotOwn, or what mkdir threw. */
export function ownDirectory(path: string, uid = uidOf()): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const { mode } = checkDirectory(path, uid);
  if (uid !== undefined && (mode & GROUP_AND_OTHERS) !== 0) chmodSync(path, 0o700);
}

/** Throws NotOwn for a link, and for a folder of another user; or what lstat threw. */
export function checkDirectory(path: string, uid = uidOf()): Stats {
  const found = lstatSync(path);
  if (!found.isDirectory()) throw new NotOwn(`${path} is not a directory`);
  checkOwner(path, found, uid);
  return found;
}

/** Writes a file that is not there yet; what stands in its place is removed, and not written through. */
export function writeNew(path: string, text: string, mode: number): void {
  rmSync(path, { force: true });
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  try {
    // whatever the umask is
    fchmodSync(fd, mode);
    writeFileSync(fd, text);
  } finally {
    closeSync(fd);
  }
}

/** Replaces a file whole: who reads it finds the old text or the new one. */
export function replaceFile(path: string, text: string, mode: number): void {
  const beside = `${path}.${process.pid}.new`;
  writeNew(beside, text, mode);
  renameSync(beside, path);
}

/** Reads a file of this user. Throws NotOwn, or what open threw. */
export function readOwn(path: string, uid = uidOf()): string {
  // a pipe in its place would wait for its writer
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

/** Opens a file for what a background process prints, empty. Throws NotOwn, or what open threw. */
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
