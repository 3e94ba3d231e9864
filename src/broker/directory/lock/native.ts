/**
 * The file lock itself: an fcntl open file description lock on Linux, flock on macOS, LockFileEx on Windows, from the
 * prebuilt binaries of fs-native-extensions. They are loaded by path because the package's own lookup takes 15 to 30 ms
 * out of a startup time of 200.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The native functions used here. */
export interface Native {
  /** throws with code EAGAIN if another process holds a lock; `length` 0 is the whole file */
  tryLock(fd: number, offset: number, length: number, exclusive: boolean): void;
}

/** Returns an Error if there is no binary for this system. */
export function loadNative(): Native | Error {
  try {
    const host = `${process.platform}-${process.arch}`;
    return require(`fs-native-extensions/prebuilds/${host}/fs-native-extensions.node`) as Native;
  } catch (error) {
    return error as Error;
  }
}

/** Returns an Error if the file system or the kernel does not support such locks. */
export function tryLock(native: Native, fd: number): 'locked' | 'held' | Error {
  try {
    native.tryLock(fd, 0, 0, true);
    return 'locked';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 'held' : (error as Error);
  }
}
