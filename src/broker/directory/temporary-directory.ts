/**
 * Temporary directories for servers embedded in a program. They are removed when the server stops or the program ends,
 * be it by exit, exception or signal. Those left by kill -9 are removed when the same user starts the next server.
 */
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOCK_FILE, lockDirectory } from './lock/index.js';

const PREFIX = 'ts-kafka-server-';
const NAME = /^ts-kafka-server-[A-Za-z0-9]{6}$/;
/** a directory that was never locked may belong to a program that is just starting; after this time it is abandoned */
const UNLOCKED_FOR_MS = 3_600_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const mine = new Set<string>();

/** A directory and how to remove it. */
export interface TemporaryDirectory {
  readonly path: string;
  remove(): void;
}

/** Creates a directory that is removed when the process ends. */
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
      // the next start removes it
    }
  }
}

/** If the program has its own signal handler, that decides when to exit; otherwise the signal kills it as usual. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  mine.clear();
  unwatch();
  process.kill(process.pid, signal);
}

/** Removes the directories of killed servers, but none of other users or of running servers. */
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
      // in use, or already removed
    }
  }
}

function isOurs(path: string): boolean {
  const found = lstatSync(path);
  return found.isDirectory() && !mine.has(path) && (process.getuid === undefined || found.uid === process.getuid());
}

/**
 * Whether a server has written its lock file. Before that, locking it even briefly could make that server's start fail.
 */
function wasServing(path: string): boolean {
  try {
    return readFileSync(join(path, LOCK_FILE)).length > 0;
  } catch (error) {
    // on Windows a locked file cannot be read
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
