/** The test's lines. Mirrors tools/ShareConsumerPerformance. */
import { four, mb, type Totals } from '../shared/consumer-stats.js';

export const HEADER =
  'start.time, end.time, data.consumed.in.MB, MB.sec, nMsg.sec, data.consumed.in.nMsg, fetch.time.ms\n';

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** `since`: what had been read when the span began; the rates are of what came in it. Times in ms, no line end. */
export function spanLine(now: Totals, since: Totals, { from, to }: Span, date: (ms: number) => string): string {
  const elapsed = to - from;
  const seconds = elapsed / 1000;
  const rates = [mb(now.bytes - since.bytes) / seconds, (now.records - since.records) / seconds].map(four);
  return [date(from), date(to), four(mb(now.bytes)), ...rates, now.records, elapsed].join(', ');
}
