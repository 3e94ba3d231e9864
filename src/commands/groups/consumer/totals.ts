/** `--totals`: the lag of each topic, and of the whole group. */
import type { OffsetRow } from '../shared/describe-offsets.js';

export interface Total {
  /** records; undefined where no partition's lag is known */
  readonly lag: bigint | undefined;
  readonly partitions: number;
  /** partitions whose lag is unknown, and so not in the sum */
  readonly unknown: number;
}

export interface Totals {
  readonly group: Total;
  /** by name */
  readonly topics: readonly (Total & { readonly topic: string })[];
}

type Lagging = Pick<OffsetRow, 'topic' | 'lag'>;

/** Sums up the partitions of one group. An offset beyond the end of its log must not hide the lag of others: it counts as 0. */
export function totalsOf(rows: readonly Lagging[]): Totals {
  const topics = [...new Set(rows.map(({ topic }) => topic))].sort();
  return {
    group: totalOf(rows),
    topics: topics.map((topic) => ({ topic, ...totalOf(rows.filter((row) => row.topic === topic)) })),
  };
}

function totalOf(rows: readonly Lagging[]): Total {
  const lags = rows.flatMap(({ lag }) => (lag === undefined ? [] : [lag > 0n ? lag : 0n]));
  const lag = lags.length === 0 ? undefined : lags.reduce((sum, one) => sum + one, 0n);
  return { lag, partitions: rows.length, unknown: rows.length - lags.length };
}

/** The totals of a group below its table, in the layout of that table; the line of the group has `*` for its topics. */
export function totalsTable(groupId: string, { group, topics }: Totals): string {
  const groupWidth = Math.max(15, groupId.length);
  const topicWidth = Math.max(15, ...topics.map(({ topic }) => topic.length));
  const line = (id: string, topic: string, cells: readonly string[]) =>
    `\n${[id.padEnd(groupWidth), topic.padEnd(topicWidth), ...cells.map((cell) => cell.padEnd(15))].join(' ').trimEnd()}`;
  const row = (topic: string, { lag, partitions, unknown }: Total) =>
    line(groupId, topic, [String(lag ?? '-'), String(partitions), String(unknown)]);
  const heading = line('GROUP', 'TOPIC', ['TOTAL-LAG', 'PARTITIONS', 'UNKNOWN-LAG']);
  return `${heading}${topics.map((total) => row(total.topic, total)).join('')}${row('*', group)}\n`;
}
