/** Who holds a lock file: by the line a process of ours wrote into it, and on Linux by the kernel's list of locks. */
import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';

/** Words for a message: "process 4711", "process 1 on 3f2a9c", "another process". */
export function holderOf(file: string): string {
  const listed = kernelLocks(file)?.find(({ pid }) => pid > 0);
  if (listed) return `process ${listed.pid}`;
  const [, pid, host] = /^(\d+)@(\S+)$/m.exec(read(file)) ?? [];
  if (pid === undefined) return 'another process';
  if (host !== hostname()) return `process ${pid} on ${host}`;
  return exists(Number(pid)) ? `process ${pid}` : 'another process';
}

/** Whether the kernel lists a lock on the file; false where it has no list. */
export const lockedElsewhere = (file: string): boolean => (kernelLocks(file) ?? []).length > 0;

/** Lines of /proc/locks are "1: POSIX ADVISORY WRITE 4711 fe:01:262245 0 EOF", the pid being -1 for an open file's lock. */
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
    .filter((words) => words[5] === id)
    .map((words) => ({ pid: Number(words[4]) }));
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
