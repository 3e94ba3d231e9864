/**
 * Replaces one or more segments by their compacted segment: `.log.cleaned` is written and synced, renamed to
 * `.log.swap`, the old segments are deleted, then it is renamed to `.log`. A `.swap` found at a start is complete: the
 * remaining steps are repeated.
 */
import { lastOffset } from '../protocol/records/layout.js';
import { remove } from './fs.js';
import type { LogFiles } from './log-files.js';
import { scanSegment } from './scan.js';
import { fileName, SEGMENT_FILES } from './segment.js';

/** Finishes interrupted swaps; true when there were any. */
export async function finishSwaps(log: LogFiles, names: readonly string[]): Promise<boolean> {
  const swaps = names.filter((name) => name.endsWith('.swap'));
  const bases = names.filter((name) => /^\d{20}\.log$/.test(name)).map((name) => Number(name.slice(0, 20)));
  for (const name of swaps) {
    const path = `${log.dir}/${name}`;
    if (!/^\d{20}\.log\.swap$/.test(name)) {
      remove(log.options.io, path);
      continue;
    }
    const base = Number(name.slice(0, 20));
    const last = await lastOffsetOf(log, path, base);
    for (const covered of bases) if (covered > base && covered <= last) removeSegment(log, covered);
    putInPlace(log, base);
  }
  if (swaps.length > 0) await log.options.io.syncDir(log.dir);
  return swaps.length > 0;
}

/** `.log.swap` -> `.log`; the old indexes are deleted first, so that they never describe the new file. */
export function putInPlace(log: LogFiles, base: number): void {
  const { io } = log.options;
  for (const suffix of ['.index', '.timeindex', '.txnindex']) remove(io, `${log.dir}/${fileName(base, suffix)}`);
  io.rename(`${log.dir}/${fileName(base, '.log.swap')}`, `${log.dir}/${fileName(base, '.log')}`);
}

function removeSegment(log: LogFiles, base: number): void {
  for (const suffix of SEGMENT_FILES) remove(log.options.io, `${log.dir}/${fileName(base, suffix)}`);
}

async function lastOffsetOf(log: LogFiles, path: string, base: number): Promise<number> {
  const { io } = log.options;
  const fd = io.open(path, false);
  let last = base;
  try {
    const options = { position: 0, offset: base, size: io.size(fd), gaps: true };
    await scanSegment(
      io,
      fd,
      options,
      (buf, at) => {
        last = lastOffset(buf, at);
      },
      () => {},
    );
  } finally {
    io.close(fd);
  }
  return last;
}
