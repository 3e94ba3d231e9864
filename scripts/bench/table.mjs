/** The table of a run in docs/performance.md: one line for each ratio, and for each limit of ours alone. */
import { readFileSync, writeFileSync } from 'node:fs';

const BEGIN = '<!-- bench -->';
const END = '<!-- /bench -->';
const names = {
  ms: 'wall',
  cpuMs: "the broker's CPU",
  peakMb: 'most memory',
  rssMb: 'memory',
  perSecond: 'records/s',
  p99: 'p99',
};

export function table({ machine, records, results }) {
  const lines = [
    `${machine.date}, ${machine.cores} cores (${machine.cpu}), Node ${machine.node}, Apache Kafka 4.4.0, ${records} records of 100 bytes unless said; medians.`,
    '',
    '| job | measured | ts-kafka | peer | ratio | target |',
    '|---|---|---|---|---|---|',
  ];
  for (const { title, own, metrics } of results.filter((r) => !r.curve)) {
    for (const [metric, { medians, ratios, targets, limit }] of Object.entries(metrics)) {
      const unit = { peakMb: ' MB', rssMb: ' MB', perSecond: '' }[metric] ?? ' ms';
      if (limit !== undefined)
        lines.push(`| ${title} | ${names[metric]} | ${medians[own]}${unit} | | | ≤ ${limit}${unit} |`);
      for (const [peer, most] of Object.entries(targets).filter(([name]) => ratios[name] !== undefined)) {
        const sign = metric === 'perSecond' ? '≥' : '≤';
        lines.push(
          `| ${title} | ${names[metric] ?? metric} | ${medians[own]}${unit} | ${peer} ${medians[peer]}${unit} | **${ratios[peer].toFixed(2)}** | ${sign} ${most} |`,
        );
      }
    }
  }
  for (const row of results.filter((r) => r.curve)) lines.push('', ...curveOf(row));
  return lines.join('\n');
}

/** A table with the curve's points as columns. */
function curveOf({ title, metrics }) {
  const points = Object.keys(Object.values(metrics)[0].medians);
  return [
    `| ${title} | ${points.join(' | ')} |`,
    `|---|${points.map(() => '---|').join('')}`,
    ...Object.entries(metrics).map(
      ([metric, { medians }]) => `| ${names[metric] ?? metric} | ${points.map((p) => medians[p]).join(' | ')} |`,
    ),
  ];
}

export function writeTable(result, file) {
  const text = readFileSync(file, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`${file} has no ${BEGIN} … ${END}`);
  writeFileSync(file, `${before}${BEGIN}\n${table(result)}\n${END}${after}`);
}
