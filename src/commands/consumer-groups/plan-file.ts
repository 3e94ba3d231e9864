/** Reset plans as CSV: `topic,partition,offset`, with `group,` in front when there is more than one group. Mirrors tools/CsvUtils. */
import { readFileSync } from 'node:fs';
import { JavaError } from '../../client/java-names.js';
import { partitionName } from '../../client/partition.js';
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

/**
 * Reads a plan: group -> where its partitions go. One group alone may leave its name out; whether it did is told by the
 * first line, as in Java.
 */
export function readPlan(path: string, groups: readonly string[]): Map<string, PlannedOffset[]> {
  const lines = readText(path).replace(/\n+$/, '').split('\n').map(cells);
  const [only] = groups.length === 1 && isNameless(lines[0] as string[]) ? groups : [];
  const plan = new Map<string, Map<string, PlannedOffset>>();
  for (const line of lines) {
    if (line.length <= 1 && !line[0]) throw noContent();
    const [group, planned] = record(only === undefined ? line : [only, ...line], only === undefined ? 4 : 3);
    if (planned.offset < 0n) throw new JavaError('java.lang.IllegalArgumentException', 'Invalid negative offset');
    const ofGroup = plan.get(group) ?? new Map<string, PlannedOffset>();
    plan.set(group, ofGroup.set(partitionName(planned), planned));
  }
  return new Map([...plan].map(([group, planned]) => [group, [...planned.values()]]));
}

function isNameless(line: readonly string[]): boolean {
  try {
    record(['', ...line], 3);
    return true;
  } catch {
    return false;
  }
}

const noContent = (): JavaError =>
  failure(
    'com.fasterxml.jackson.databind.exc.MismatchedInputException',
    'No content to map due to end-of-input\n at [Source: (StringReader); line: UNKNOWN, column: UNKNOWN]',
  );

/** One line, its group in front; cells that are missing count as 0. `most`: how many cells the file's lines may have. */
function record(line: readonly string[], most: number): [group: string, planned: PlannedOffset] {
  const [group = '', topic = '', partition = '0', offset = '0', ...more] = line;
  if (line.filter((text) => text !== '').length === 0) throw noContent();
  if (more.length > 0) {
    throw failure(
      'com.fasterxml.jackson.dataformat.csv.CsvReadException',
      `Too many entries: expected at most ${most} (value #${most} (${more[0]?.length} chars) "${more[0]}")`,
    );
  }
  return [group, { topic, partition: Number(integer(partition, 'int')), offset: integer(offset, 'long') }];
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
