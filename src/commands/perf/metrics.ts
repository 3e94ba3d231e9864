/** `--print-metrics` of the perf tools. Mirrors tools/ToolsUtils.printMetrics, but of Java's hundred or so metrics only those we keep. */

export interface Metric {
  /** "producer-metrics" */
  readonly group: string;
  readonly name: string;
  readonly value: number;
  /** besides the client's id */
  readonly tags?: Readonly<Record<string, string>>;
}

/** The metrics as a table, by name. */
export function metricLines(metrics: readonly Metric[], clientId: string): string {
  const rows = metrics.map(({ group, name, tags, value }) => {
    const all = Object.entries({ 'client-id': clientId, ...tags }).map(([key, tag]) => `${key}=${tag}`);
    return [`${group}:${name}:{${all.join(', ')}}`, value] as const;
  });
  const width = Math.max(...rows.map(([text]) => text.length));
  const lines = [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([text, value]) => `${text.padEnd(width)} : ${value.toFixed(3)}\n`);
  return `\n${'Metric Name'.padEnd(width)}   Value\n${lines.join('')}`;
}

/** What a consumer read; `group`: the metrics' group. */
export const consumedMetrics = (
  group: string,
  total: { readonly bytes: number; readonly records: number },
): Metric[] => [
  { group, name: 'bytes-consumed-total', value: total.bytes },
  { group, name: 'records-consumed-total', value: total.records },
];

/** What a producer sent to a topic: records that brokers took, and those that were lost. */
export function producedMetrics(
  topic: string,
  { acked, lost }: { readonly acked: number; readonly lost: number },
): Metric[] {
  const counts = [
    { name: 'record-error-total', value: lost },
    { name: 'record-send-total', value: acked + lost },
  ];
  return [
    ...counts.map((count) => ({ group: 'producer-metrics', ...count })),
    ...counts.map((count) => ({ group: 'producer-topic-metrics', ...count, tags: { topic } })),
  ];
}
