/** `--slo`: an expected figure of a run, as `p99<200ms` or `rate>=1000/s`, and whether the run met it. */

export const LATENCIES = ['p50', 'p95', 'p99', 'p99.9', 'avg', 'max'] as const;
export type Measure = (typeof LATENCIES)[number] | 'rate';

const OPERATORS = {
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
};
type Operator = keyof typeof OPERATORS;

/** Units of time, in ms. */
const TIMES = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000 };
const RATES = { '/s': 'records/s', 'records/s': 'records/s', 'MB/s': 'MB/s' } as const;
type Unit = keyof typeof TIMES | 'records/s' | 'MB/s';

export interface Slo {
  /** as it was typed */
  readonly text: string;
  readonly measure: Measure;
  readonly operator: Operator;
  /** in `unit` */
  readonly limit: number;
  readonly unit: Unit;
}

/** What a run measured; a figure that the run did not yield (no record came) is absent. */
export interface Measured {
  readonly latencyMs?: Partial<Record<Measure, number>>;
  readonly recordsPerSec?: number;
  readonly mbPerSec?: number;
}

export interface Verdict {
  readonly slo: string;
  readonly pass: boolean;
  readonly measure: Measure;
  /** in `unit`; null: the run has no such figure, which is a FAIL */
  readonly value: number | null;
  readonly operator: Operator;
  readonly limit: number;
  readonly unit: Unit;
}

const has = <T extends object>(table: T, key: string): key is keyof T & string => Object.hasOwn(table, key);
const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/**
 * Reads one expression. `tool` is the command's name, and `measures` are the figures that it has. Throws Error with one
 * line that says what is wrong and what would be right.
 */
export function parseSlo(text: string, tool: string, measures: readonly Measure[]): Slo {
  const wrong = (why: string) => new Error(`--slo ${text}: ${why}`);
  const example = measures.includes('p99') ? 'p99<200ms' : 'rate>=1000/s';
  const match = /^\s*([A-Za-z][\w.]*)\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?|\.\d+)\s*([A-Za-z/]*)\s*$/.exec(text);
  if (!match) throw wrong(`expected a figure, an operator (< <= > >=), a number and a unit, as in ${example}.`);
  const [, name = '', operator = '', number = '', unit = ''] = match;
  const measure = measures.find((one) => one === name);
  if (measure === undefined) throw wrong(`${tool} measures ${listed(measures)}, not ${name}.`);
  if (!has(OPERATORS, operator)) throw wrong(`${operator} is not an operator.`);
  const limit = Number(number);
  if (measure === 'rate') {
    if (has(RATES, unit)) return { text, measure, operator, limit, unit: RATES[unit] };
    throw wrong('the unit of rate is /s (records) or MB/s.');
  }
  if (has(TIMES, unit)) return { text, measure, operator, limit, unit };
  throw wrong(`the unit of ${measure} is ns, us, ms or s.`);
}

function figureOf({ measure, unit }: Slo, { latencyMs, recordsPerSec, mbPerSec }: Measured): number | null {
  let value: number | undefined;
  if (unit === 'records/s') value = recordsPerSec;
  else if (unit === 'MB/s') value = mbPerSec;
  else value = latencyMs?.[measure];
  if (value === undefined || !Number.isFinite(value)) return null;
  return has(TIMES, unit) ? value / TIMES[unit] : value;
}

/** Holds a run's figures against each expression. */
export function judge(slos: readonly Slo[], measured: Measured): Verdict[] {
  return slos.map((slo) => {
    const { text, measure, operator, limit, unit } = slo;
    const value = figureOf(slo, measured);
    const pass = value !== null && OPERATORS[operator](value, limit);
    return { slo: text, pass, measure, value, operator, limit, unit };
  });
}

/** "PASS p99 12 ms < 200 ms", without a line end. */
export function verdictLine(verdict: Verdict): string {
  const { pass, measure, operator, limit, unit } = verdict;
  return `${pass ? 'PASS' : 'FAIL'} ${measure} ${shortest(verdict)} ${operator} ${limit} ${unit}`;
}

/** Three decimals, and more where rounding would turn the verdict round. */
function shortest({ value, pass, operator, limit }: Verdict): string {
  if (value === null) return 'not measured, expected';
  for (let digits = 3; digits < 12; digits++) {
    const rounded = Number(value.toFixed(digits));
    if (OPERATORS[operator](rounded, limit) === pass) return String(rounded);
  }
  return String(value);
}
