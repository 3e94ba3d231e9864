/**
 * Directories that go with the server of a program: at its stop, and where the program ends without one, by exit, throw or
 * signal. What a kill -9 leaves is removed at the next start of a server of the same user.
 */
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOCK_FILE, lockDirectory } from './lock/index.js';

const PREFIX = 'ts-kafka-server-';
const NAME = /^ts-kafka-server-[A-Za-z0-9]{6}$/;
/** one that was never locked is of a program that is just starting, or of one that was killed then */
const UNLOCKED_FOR_MS = 3_600_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const mine = new Set<string>();

export interface TemporaryDirectory {
  readonly path: string;
  remove(): void;
}

export function temporaryDirectory(): TemporaryDirectory {
  const path = mkdtempSync(join(tmpdir(), PREFIX));
  if (mine.size === 0) watch();
  mine.add(path);
  return {
    path,
    remove() {
      if (!mine.delete(path)) return;
      if (mine.size === 0) unwatch();
      rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function watch(): void {
  process.on('exit', removeAll);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function unwatch(): void {
  process.off('exit', removeAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

function removeAll(): void {
  for (const path of mine) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // the next start finds it
    }
  }
}

/** A program with a handler of its own decides when it ends; one without ends by the signal, as if we had not listened. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  mine.clear();
  unwatch();
  process.kill(process.pid, signal);
}

/** Removes the directories of servers that were killed. Others' and live ones are left alone. */
export async function removeAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => NAME.test(entry))) {
    const path = join(tmpdir(), name);
    try {
      if (!isOurs(path)) continue;
      const lock = wasServing(path) ? await lockDirectory(path) : undefined;
      if (!lock && Date.now() - lstatSync(path).mtimeMs < UNLOCKED_FOR_MS) continue;
      rmSync(path, { recursive: true, force: true });
      lock?.release();
    } catch {
      // in use, or gone meanwhile
    }
  }
}

function isOurs(path: string): boolean {
  const found = lstatSync(path);
  return found.isDirectory() && !mine.has(path) && (process.getuid === undefined || found.uid === process.getuid());
}

/** Whether a server has signed its lock: before, to take it even for a moment could make its start fail. */
function wasServing(path: string): boolean {
  try {
    return readFileSync(join(path, LOCK_FILE)).length > 0;
  } catch (error) {
    // Windows lets nobody read a file that is locked
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
