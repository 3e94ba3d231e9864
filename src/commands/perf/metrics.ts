/** `--print-metrics` of the perf tools. Mirrors tools/ToolsUtils.printMetrics, but of Java's hundred or so metrics only those we keep. */

/** The totals of what was read. `group`: the group of the metrics. */
export function metricLines(
  group: string,
  total: { readonly bytes: number; readonly records: number },
  clientId: string,
): string {
  const name = (metric: string) => `${group}:${metric}:{client-id=${clientId}}`;
  const rows = [
    [name('bytes-consumed-total'), total.bytes],
    [name('records-consumed-total'), total.records],
  ] as const;
  const width = Math.max(...rows.map(([text]) => text.length));
  const lines = rows.map(([text, value]) => `${text.padEnd(width)} : ${value.toFixed(3)}\n`);
  return `\n${'Metric Name'.padEnd(width)}   Value\n${lines.join('')}`;
}
