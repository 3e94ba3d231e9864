/** Reset plans as CSV: `topic,partition,offset`, with `group,` in front when there is more than one group. Mirrors tools/CsvUtils. */

import { readFileSync } from 'node:fs';
import { JavaError } from '../../../java/exceptions.js';
import { decimalValue, fits } from '../../../java/integer.js';
import { partitionName } from '../../../kafka/topic-partition.js';
import type { PlannedOffset } from './planned-offset.js';

/** Quotes as Jackson's CsvMapper does: text longer than 24 characters, or with a character up to the comma in ASCII order. */
const cell = (text: string): string =>
  text.length <= 24 && !/[\0-,]/.test(text) ? text : `"${text.replaceAll('"', '""')}"`;

/** The plans as CSV lines, each with its newline. */
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

/** The location in Jackson's error messages; columns are 1-based. */
const source = (column: number): string => `\n at [Source: (StringReader); line: 1, column: ${column}]`;

/** A cell, its first column, and the column of Jackson's parser after reading it. */
type Cell = readonly [text: string, column: number, after: number];

/** The cells of a line; quotes may enclose a cell and are doubled inside one. */
function cells(line: string): Cell[] {
  const out: Cell[] = [];
  const text = line.replace(/\r$/, '');
  const pattern = /(?:"((?:[^"]|"")*)"\s*(?=,|$)|([^",][^,]*|))(,|$)/y;
  for (let ended = text === ''; !ended; ) {
    const from = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) throw badQuotes(text, from);
    const [, quoted, plain = '', separator] = match;
    ended = separator === '';
    // Jackson counts the line twice once it reaches the end of the input
    const after = (ended ? 2 * text.length : pattern.lastIndex) + 1;
    out.push([quoted === undefined ? plain : quoted.replaceAll('""', '"'), from + 1, after]);
  }
  return out;
}

function badQuotes(text: string, from: number): JavaError {
  const close = /"(?:[^"]|"")*"\s*/y;
  close.lastIndex = from;
  const stray = close.test(text) ? (text[close.lastIndex] as string) : '';
  const message = stray
    ? `Unexpected character ('${stray}' (code ${stray.charCodeAt(0)})): Expected column separator character (',' (code 44)) or end-of-line`
    : 'Missing closing quote for value';
  const column = stray ? close.lastIndex + 2 : text.length + 1;
  return failure('com.fasterxml.jackson.core.JsonParseException', message + source(column));
}

/**
 * Reads a plan: group -> new offsets. For a single group, the group column is optional; as in Java, the first line
 * decides whether it is there.
 */
export function readPlan(path: string, groups: readonly string[]): Map<string, PlannedOffset[]> {
  const text = readText(path);
  // as in String.split, newlines alone give no lines
  const lines = /^\n+$/.test(text) ? [] : text.replace(/\n+$/, '').split('\n');
  const [only] = groups.length === 1 && lines.length > 0 && isNameless(lines[0] as string) ? groups : [];
  const plan = new Map<string, Map<string, PlannedOffset>>();
  for (const line of lines) {
    const [group, planned] = only === undefined ? withGroup(line) : [only, nameless(line)];
    if (planned.offset < 0n) throw new JavaError('java.lang.IllegalArgumentException', 'Invalid negative offset');
    const ofGroup = plan.get(group) ?? new Map<string, PlannedOffset>();
    plan.set(group, ofGroup.set(partitionName(planned), planned));
  }
  return new Map([...plan].map(([group, planned]) => [group, [...planned.values()]]));
}

function isNameless(line: string): boolean {
  try {
    nameless(line);
    return true;
  } catch {
    return false;
  }
}

function withGroup(line: string): [group: string, planned: PlannedOffset] {
  const [[group] = [''], ...rest] = atMost(cells(line), 4);
  return [group, planned(rest, 'CsvRecordWithGroup')];
}

const nameless = (line: string): PlannedOffset => planned(atMost(cells(line), 3), 'CsvRecordNoGroup');

function atMost(line: Cell[], most: number): Cell[] {
  if (line.length === 0) {
    throw failure(
      'com.fasterxml.jackson.databind.exc.MismatchedInputException',
      'No content to map due to end-of-input\n at [Source: (StringReader); line: UNKNOWN, column: UNKNOWN]',
    );
  }
  const surplus = line[most];
  if (surplus === undefined) return line;
  const [text, column] = surplus;
  // a trailing comma does not start another cell
  if (text === '' && line.length === most + 1) return line.slice(0, most);
  throw failure(
    'com.fasterxml.jackson.dataformat.csv.CsvReadException',
    `Too many entries: expected at most ${most} (value #${most} (${text.length} chars) "${text}")${source(column)}`,
  );
}

const NO_CELL: Cell = ['', 0, 0];

/** Missing cells count as 0. `record`: Java's class for a line, which its error messages name. */
function planned([topic = NO_CELL, partition = NO_CELL, offset = NO_CELL]: Cell[], record: string): PlannedOffset {
  return {
    topic: topic[0],
    partition: Number(integer(partition, 'int', `${record}["partition"]`)),
    offset: integer(offset, 'long', `${record}["offset"]`),
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw failure('java.io.IOException', `Unable to read file ${path}`);
  }
}

function integer([text, column, after]: Cell, type: 'int' | 'long', field: string): bigint {
  const trimmed = text.trim();
  const through = ` (through reference chain: org.apache.kafka.tools.consumer.group.CsvUtils$${field})`;
  if (trimmed === '' || text === 'null') return 0n;
  const value = decimalValue(trimmed);
  if (value === undefined) {
    throw failure(
      'com.fasterxml.jackson.databind.exc.InvalidFormatException',
      `Cannot deserialize value of type \`${type}\` from String "${text}": not a valid \`${type}\` value${source(column)}${through}`,
    );
  }
  const most = type === 'int' ? 2n ** 31n : 2n ** 63n;
  if (value >= -most && value < most) return value;
  const range = fits(value, 64) ? '' : ` (${-most} - ${most - 1n})`;
  throw failure(
    'com.fasterxml.jackson.databind.JsonMappingException',
    `Numeric value (${trimmed}) out of range of ${type}${range}${source(after)}${through}`,
  );
}
