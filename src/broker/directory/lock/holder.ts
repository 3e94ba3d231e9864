/**
 * Finds who holds a lock file: from the line our processes write into it, or on Linux from the kernel's list of locks.
 */
import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';

/** The holder, for a message: "process 4711", "process 1 on 3f2a9c", "another process". */
export function holderOf(file: string): string {
  const listed = kernelLocks(file)?.find(({ pid }) => pid > 0);
  if (listed) return `process ${listed.pid}`;
  const [, pid, host] = /^(\d+)@(\S+)$/m.exec(read(file)) ?? [];
  if (pid === undefined) return 'another process';
  if (host !== hostname()) return `process ${pid} on ${host}`;
  return exists(Number(pid)) ? `process ${pid}` : 'another process';
}

/** Whether the kernel lists a lock on the file; false on systems without such a list. */
export const lockedElsewhere = (file: string): boolean => (kernelLocks(file) ?? []).length > 0;

/**
 * /proc/locks has lines like "1: POSIX ADVISORY WRITE 4711 fe:01:262245 0 EOF"; the pid of an open file description
 * lock is -1.
 */
function kernelLocks(file: string): { pid: number }[] | undefined {
  const list = process.platform === 'linux' ? read('/proc/locks') : '';
  if (list === '') return undefined;
  const { dev, ino } = statSync(file);
  const major = (dev >> 8) & 0xfff;
  const minor = (dev & 0xff) | ((dev >> 12) & 0xfff00);
  const hex = (n: number): string => n.toString(16).padStart(2, '0');
  const id = `${hex(major)}:${hex(minor)}:${ino}`;
  return list
    .split('\n')
    .map((line) => line.split(/\s+/))
    .filter((fields) => fields[5] === id)
    .map((fields) => ({ pid: Number(fields[4]) }));
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
