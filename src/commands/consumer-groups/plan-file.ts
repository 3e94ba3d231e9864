/** Reset plans as CSV: `topic,partition,offset`, with `group,` in front when there is more than one group. Mirrors tools/CsvUtils. */
import { readFileSync } from 'node:fs';
import { JavaError } from '../../client/java-names.js';
import type { PlannedOffset } from './reset-plan.js';

/** As Jackson's CsvMapper quotes: what is longer than 24, and what holds a comma or a character below it. */
const cell = (text: string): string =>
  text.length <= 24 && !/[\0-,]/.test(text) ? text : `"${text.replaceAll('"', '""')}"`;

/** The plans as CSV, each line ended. */
export function csv(
  plans: readonly (readonly [group: string, plan: readonly PlannedOffset[]])[],
  singleGroup: boolean,
): string {
  const lines = plans.flatMap(([group, plan]) =>
    plan.map(({ topic, partition, offset }) => {
      const line = `${cell(topic)},${partition},${offset}\n`;
      return singleGroup ? line : `${cell(group)},${line}`;
    }),
  );
  return lines.join('');
}

const failure = (javaClass: string, message: string): JavaError =>
  new JavaError('java.lang.RuntimeException', `${javaClass}: ${message}`);

/** The cells of a line; quotes may enclose a cell and are doubled inside one. */
function cells(line: string): string[] {
  const out: string[] = [];
  const text = line.replace(/\r$/, '');
  const pattern = /\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(?:,|$)/y;
  while (pattern.lastIndex <= text.length) {
    const end = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) break;
    out.push(match[1] !== undefined ? match[1].replaceAll('""', '"') : (match[2] as string).trim());
    if (pattern.lastIndex === text.length && !match[0].endsWith(',')) break;
    if (pattern.lastIndex === end) break;
  }
  return out;
}

/** Reads a plan: group -> where its partitions go. One group alone may leave its name out. */
export function readPlan(path: string, groups: readonly string[]): Map<string, PlannedOffset[]> {
  const lines = readText(path).replace(/\n+$/, '').split('\n').map(cells);
  const nameless = groups.length === 1 && (lines[0] as string[]).length <= 3;
  const plan = new Map<string, PlannedOffset[]>();
  for (const line of lines) {
    const [group = '', topic = '', partition = '0', offset = '0', ...more] = nameless ? [groups[0], ...line] : line;
    if (more.length > 0) {
      const most = nameless ? 3 : 4;
      throw failure(
        'com.fasterxml.jackson.dataformat.csv.CsvReadException',
        `Too many entries: expected at most ${most} (value #${most} (${more[0]?.length} chars) "${more[0]}")`,
      );
    }
    const list = plan.get(group) ?? [];
    list.push({ topic, partition: Number(integer(partition, 'int')), offset: integer(offset, 'long') });
    plan.set(group, list);
  }
  return plan;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw failure('java.io.IOException', `Unable to read file ${path}`);
  }
}

function integer(text: string, type: 'int' | 'long'): bigint {
  const trimmed = text.trim();
  if (trimmed === '') return 0n;
  if (/^[+-]?\d+$/.test(trimmed)) {
    const value = BigInt(trimmed.replace('+', ''));
    if (value === BigInt.asIntN(type === 'int' ? 32 : 64, value)) return value;
  }
  throw failure(
    'com.fasterxml.jackson.databind.exc.InvalidFormatException',
    `Cannot deserialize value of type \`${type}\` from String "${text}": not a valid \`${type}\` value`,
  );
}
