/**
 * The file lock itself: fcntl's open file description lock on Linux, flock on macOS, LockFileEx on Windows, out of the
 * binaries that fs-native-extensions brings. They are loaded by path: the package's own way to find them takes 15 to 30 ms
 * of a start that takes 200.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export interface Native {
  /** throws with code EAGAIN where another holds a lock; `length` 0 is the whole file */
  tryLock(fd: number, offset: number, length: number, exclusive: boolean): void;
}

/** The Error says why there is none on this system. */
export function loadNative(): Native | Error {
  try {
    const host = `${process.platform}-${process.arch}`;
    return require(`fs-native-extensions/prebuilds/${host}/fs-native-extensions.node`) as Native;
  } catch (error) {
    return error as Error;
  }
}

/** An Error where the file system or the kernel knows no such lock. */
export function tryLock(native: Native, fd: number): 'locked' | 'held' | Error {
  try {
    native.tryLock(fd, 0, 0, true);
    return 'locked';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 'held' : (error as Error);
  }
}
