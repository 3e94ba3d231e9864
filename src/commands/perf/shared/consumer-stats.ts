/** Statistics of the consumer tests, and their lines. Mirrors tools/ConsumerPerformance. */

const TIMES = 'rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec';

export const header = (detailed: boolean): string =>
  `${detailed ? 'time, threadId' : 'start.time, end.time'}, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, ${TIMES}\n`;

/** %.4f */
export const four = (value: number): string => value.toFixed(4);
export const mb = (bytes: number): number => bytes / (1024 * 1024);

/** Total time spent in rebalances, ms: from an empty assignment until the next non-empty one. */
export class JoinTimer {
  total = 0;
  #since = Date.now();
  #assigned = 0;

  assigned({ length }: readonly unknown[]): void {
    if (this.#assigned === 0) this.total += Date.now() - this.#since;
    this.#assigned += length;
  }
  revoked({ length }: readonly unknown[]): void {
    this.#assigned -= length;
    if (this.#assigned === 0) this.#since = Date.now();
  }
}

export interface Totals {
  readonly bytes: number;
  readonly records: number;
}

/** The summary line of the whole test; times in ms. */
export function finalLine(
  total: Totals,
  start: number,
  end: number,
  joinMs: number,
  date: (ms: number) => string,
): string {
  const seconds = (end - start) / 1000;
  const fetchMs = end - start - joinMs;
  const read = mb(total.bytes);
  const rates = [read / (fetchMs / 1000), total.records / (fetchMs / 1000)].map(four);
  return `${[
    date(start),
    date(end),
    four(read),
    four(read / seconds),
    total.records,
    four(total.records / seconds),
    joinMs,
    fetchMs,
    ...rates,
  ].join(', ')}\n`;
}

/** A progress line, for the interval since the last one. */
export function progressLine(
  now: Totals,
  last: Totals,
  times: { readonly from: number; readonly to: number; readonly joinMs: number },
  date: (ms: number) => string,
): string {
  const elapsed = times.to - times.from;
  const fetchMs = elapsed - times.joinMs;
  const [read, records] = [mb(now.bytes - last.bytes), now.records - last.records];
  const perFetch = (n: number) => four(fetchMs <= 0 ? 0 : (1000 * n) / fetchMs);
  return `${[
    date(times.to),
    0,
    four(mb(now.bytes)),
    four((1000 * read) / elapsed),
    now.records,
    four((records / elapsed) * 1000),
    times.joinMs,
    fetchMs,
    perFetch(read),
    perFetch(records),
  ].join(', ')}\n`;
}
