/**
 * A lock without file locks: each process listens on its own socket in the directory, then connects to all others. Each
 * listens before it looks, so of two that start simultaneously at least one sees the other; the one whose name sorts
 * first wins. A socket nobody listens on was left by a killed process and is deleted.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

const NAME = /^\.ts-kafka\.[0-9a-f]{16}\.sock$/;
const HELD = 'held';
const ANSWER_MS = 300;
const AGAIN_MS = 20;
const TRIES = 20;
/** sockaddr_un truncates longer paths */
const MAX_PATH = 100;

/** Returns the other holder ("process 4711") if there is one. */
export async function lockBySocket(dir: string): Promise<{ release(): void } | string> {
  let state = 'starting';
  const server = createServer((socket) => socket.on('error', () => {}).end(`${process.pid} ${state}\n`));
  server.unref();
  const own = `.ts-kafka.${randomBytes(8).toString('hex')}.sock`;
  const release = (): void => {
    rmSync(join(dir, own), { force: true });
    server.close();
  };
  const short = shortPath(dir);
  try {
    // listen before the name becomes visible, so that no other process takes it for a leftover
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(join(short.path, `${own}.new`), resolve);
    });
    renameSync(join(dir, `${own}.new`), join(dir, own));
    for (let i = 0; i < TRIES; i++) {
      const others = await callOthers(dir, short.path, own);
      const winner = others.find((other) => other.state === HELD || other.name < own);
      if (winner) {
        release();
        return `process ${winner.pid}`;
      }
      if (others.length === 0) {
        state = HELD;
        return { release };
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
    release();
    return 'another process that is starting';
  } finally {
    short.close();
  }
}

/** The process that holds this lock in the directory, if any. */
export async function liveSocket(dir: string): Promise<string | undefined> {
  if (!readdirSync(dir).some((name) => NAME.test(name))) return undefined;
  const short = shortPath(dir);
  try {
    const [other] = await callOthers(dir, short.path);
    return other && `process ${other.pid}`;
  } finally {
    short.close();
  }
}

interface Other {
  readonly name: string;
  readonly pid: string;
  readonly state: string;
}

async function callOthers(dir: string, path: string, own?: string): Promise<Other[]> {
  const names = readdirSync(dir).filter((name) => NAME.test(name) && name !== own);
  const answers = await Promise.all(names.map(async (name) => ({ name, ...(await call(join(path, name))) })));
  for (const { name, dead } of answers) if (dead) rmSync(join(dir, name), { force: true });
  return answers.filter(({ dead }) => !dead);
}

/** A suspended or busy process does not answer in time, but still holds the directory. */
function call(path: string): Promise<{ dead: boolean; pid: string; state: string }> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let received = '';
    const done = (dead: boolean): void => {
      socket.destroy();
      const [pid = '?', state = HELD] = received.trim().split(' ').filter(Boolean);
      resolve({ dead, pid, state });
    };
    socket.setTimeout(ANSWER_MS, () => done(false));
    socket.on('error', (error: NodeJS.ErrnoException) => done(['ECONNREFUSED', 'ENOENT'].includes(error.code ?? '')));
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('end', () => done(false));
  });
}

/** On Linux a path that is too long is reached through the open directory's file descriptor. */
function shortPath(dir: string): { path: string; close(): void } {
  if (process.platform !== 'linux' || Buffer.byteLength(dir) <= MAX_PATH - 40) return { path: dir, close: () => {} };
  const fd = openSync(dir, 'r');
  return { path: `/proc/self/fd/${fd}`, close: () => closeSync(fd) };
}
