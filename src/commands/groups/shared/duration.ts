/** Durations as a reader takes them in at a glance. */

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

/** A duration, ms, in its two largest units: `0`, `250ms`, `12s`, `1m12s`, `3h5m`; `-` for null. */
export function durationText(ms: number | null): string {
  if (ms === null) return '-';
  if (ms < 1000) return ms === 0 ? '0' : `${Math.floor(ms)}ms`;
  let seconds = Math.floor(ms / 1000);
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  const parts = UNITS.slice(first, first + 2).map(([unit, size]) => {
    const n = Math.floor(seconds / size);
    seconds -= n * size;
    return n === 0 ? '' : `${n}${unit}`;
  });
  return parts.join('');
}
