/**
 * Option tables in the layout of JOpt Simple's help: 80 columns, two of them between option and description, the option
 * column at most half, continuation lines indented by two. Lines are wrapped where Java's BreakIterator would.
 */
import type { AnyFlag } from './flag.js';

const WIDTH = 80;
const GAP = 2;
const INDENT = '  ';

type Row = readonly [option: string, description: string];

const TYPE_NAMES = { string: 'String', int: 'Integer', long: 'Long', double: 'Double', boolean: 'Boolean' };

/** The table of a tool's options, sorted by name; ends with a newline. */
export function optionTable(flags: Readonly<Record<string, AnyFlag>>): string {
  return table(Object.entries(flags).filter(([, flag]) => !flag.hidden && !flag.own));
}

/** The options that the Java tool does not have, with a heading; empty where there are none. */
export function ownOptionTable(flags: Readonly<Record<string, AnyFlag>>): string {
  const own = Object.entries(flags).filter(([, flag]) => flag.own);
  return own.length === 0 ? '' : `\nNot in Kafka's own script:\n${table(own)}`;
}

function table(shown: [name: string, flag: AnyFlag][]): string {
  shown.sort(([a], [b]) => (a < b ? -1 : 1));
  const required = shown.some(([, flag]) => flag.required);
  const rows: Row[] = [
    required ? ['Option (* = required)', 'Description'] : ['Option', 'Description'],
    required ? ['---------------------', '-----------'] : ['------', '-----------'],
    ...shown.map(([name, flag]): Row => [optionCell(name, flag), descriptionCell(flag)]),
  ];
  return layOut(rows);
}

function optionCell(name: string, flag: AnyFlag): string {
  const names = [name, ...(flag.aliases ?? [])]
    .sort(byLengthThenName)
    .map((n) => (n.length === 1 ? `-${n}` : `--${n}`));
  const cell = (flag.required ? '* ' : '') + names.join(', ');
  if (flag.argument === 'none') return cell;
  const type = flag.typeName ?? TYPE_NAMES[flag.type as keyof typeof TYPE_NAMES];
  const inner = flag.placeholder ? `${type}: ${flag.placeholder}` : type;
  return flag.argument === 'required' ? `${cell} <${inner}>` : `${cell} [${inner}]`;
}

/** One-letter names sort before long ones. */
function byLengthThenName(a: string, b: string): number {
  return Number(a.length > 1) - Number(b.length > 1) || (a < b ? -1 : a > b ? 1 : 0);
}

function descriptionCell(flag: AnyFlag): string {
  if (flag.default === undefined) return flag.description;
  const shown = Array.isArray(flag.default) ? `[${flag.default.join(', ')}]` : String(flag.default);
  return `${flag.description} (default: ${shown})`.trim();
}

function layOut(rows: readonly Row[]): string {
  const widest = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  const optionWidth = Math.min((WIDTH - GAP) >> 1, widest(0));
  const descriptionWidth = Math.min(WIDTH - GAP - optionWidth, widest(1));
  const fitted = rows.flatMap(([option, description]) => {
    const left = wrap(option, optionWidth);
    const right = wrap(description, descriptionWidth);
    return Array.from({ length: Math.max(left.length, right.length) }, (_, i): Row => [left[i] ?? '', right[i] ?? '']);
  });
  const first = Math.min(optionWidth, Math.max(...fitted.map((row) => row[0].length)));
  const second = Math.min(WIDTH - GAP - first, Math.max(...fitted.map((row) => row[1].length)));
  return fitted.map(([o, d]) => `${o.padEnd(first)}${' '.repeat(GAP)}${d.padEnd(second)}\n`).join('');
}

/** Wraps lines at `width`, keeping the text's newlines. */
export function wrap(text: string, width: number): string[] {
  const pieces: string[] = [];
  for (const line of text.trim().split('\n')) {
    let piece = '';
    for (const word of words(line)) {
      if (piece.length + word.length > width) {
        pieces.push(piece.trimEnd());
        piece = INDENT + word;
      } else piece += word;
    }
    if (piece !== '') pieces.push(piece);
  }
  return pieces;
}

const SPACE = /\s/;
/** A line can break after one of these, unless the next character is in CLINGS. */
const CLOSING = /[!"%),.:;?\]}]/;
const CLINGS = /[!"$%'),.:;?\]}\s]/;
const CLINGS_TO_DASH = /[$'\-\s]/;
const OPENING = /[([{]/;
const GLUES = /[$'([{]/;
const DIGIT = /\d/;
const WORD_START = /[\s([{]/;

/** Splits the text at every possible line break; each word keeps its trailing space. */
export function words(line: string): string[] {
  const out: string[] = [];
  let start = 0;
  for (let i = 1; i < line.length; i++) {
    if (!mayBreak(line, i)) continue;
    out.push(line.slice(start, i));
    start = i;
  }
  if (start < line.length) out.push(line.slice(start));
  return out;
}

function mayBreak(line: string, at: number): boolean {
  const before = line[at - 1]!;
  const after = line[at]!;
  if (SPACE.test(after)) return false;
  if (SPACE.test(before)) return true;
  // a minus before a number and a quote before a word belong to what follows
  const opens = WORD_START.test(line[at - 2] ?? ' ');
  if (before === '-') return !CLINGS_TO_DASH.test(after) && !(opens && DIGIT.test(after));
  if (before === '"' && opens) return false;
  if ((before === '.' || before === ',') && DIGIT.test(after) && DIGIT.test(line[at - 2] ?? '')) return false;
  if (CLOSING.test(before)) return !CLINGS.test(after);
  return OPENING.test(after) && !GLUES.test(before);
}
