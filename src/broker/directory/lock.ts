/**
 * One process to a directory. On Linux the lock is an abstract socket named after the directory's device and inode: the
 * kernel frees it with the process, kill -9 included, and nothing is written. Elsewhere it is a file with the holder's id.
 */
import { closeSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

export interface DirectoryLock {
  release(): void;
}

export class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse';
}

export function lockDirectory(dir: string): Promise<DirectoryLock> {
  return process.platform === 'linux' ? lockByName(dir) : Promise.resolve(lockByFile(dir));
}

function lockByName(dir: string): Promise<DirectoryLock> {
  const { dev, ino } = statSync(dir);
  const server = createServer((socket) => socket.end(`${process.pid}\n`));
  server.unref();
  return new Promise((resolve, reject) => {
    const name = `\0ts-kafka:${dev}:${ino}`;
    server.once('error', async (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? inUse(dir, await holder(name)) : error);
    });
    server.listen(name, () => resolve({ release: () => void server.close() }));
  });
}

/** Asks who holds a lock; "" when it does not say in time. */
function holder(name: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(name);
    let pid = '';
    const done = (): void => {
      socket.destroy();
      resolve(pid.trim());
    };
    socket.setTimeout(300, done).on('error', done).on('end', done);
    socket.on('data', (chunk) => {
      pid += chunk;
    });
  });
}

function lockByFile(dir: string): DirectoryLock {
  const file = join(dir, '.ts-kafka.pid');
  for (let tries = 0; ; tries++) {
    try {
      const fd = openSync(file, 'wx');
      writeSync(fd, String(process.pid));
      closeSync(fd);
      return { release: () => unlinkSync(file) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || tries > 0 || isAlive(file))
        throw inUse(dir, readFileSync(file, 'utf8'));
      unlinkSync(file);
    }
  }
}

function isAlive(file: string): boolean {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}

const inUse = (dir: string, pid: string): DirectoryInUse =>
  new DirectoryInUse(`data directory ${dir} is in use by ${pid === '' ? 'another process' : `process ${pid}`}`);
