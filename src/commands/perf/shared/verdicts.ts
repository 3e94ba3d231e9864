/** `--slo` and `--output json` of the measuring tools: what they are, and what they print in the end. */
import { Writable } from 'node:stream';
import type { ArgumentSpec } from '../../../cli/argparse/index.js';
import { EXIT } from '../../../cli/errors.js';
import { flag } from '../../../cli/flags.js';
import { type Io, write } from '../../../cli/io.js';
import type { Histogram } from './histogram.js';
import { judge, type Measure, type Measured, parseSlo, type Slo, verdictLine } from './slo.js';

const SLO =
  'What a figure has to be, as p99<200ms or rate>=1000/s: PASS or FAIL at the end, and exit code 1 on a FAIL. Can be given several times.';
const OUTPUT = '"json" prints one JSON document with all figures and verdicts instead of lines.';

/** For the tools that read their flags as JOpt Simple does. */
export const VERDICT_FLAGS = {
  slo: flag.string('expression', SLO, { own: true }),
  output: flag.string('format', OUTPUT, { own: true, completes: ['json'] }),
};

/** The same for argparse4j. */
export const VERDICT_ARGUMENTS: readonly ArgumentSpec[] = [
  { names: ['--slo'], metavar: 'EXPRESSION', action: 'append', hidden: true, help: SLO },
  { names: ['--output'], metavar: 'FORMAT', hidden: true, help: OUTPUT },
];

/** What was asked of a run's figures. */
export interface Wanted {
  readonly slos: readonly Slo[];
  readonly json: boolean;
}

/** Throws what `refuse` makes of a line that says what is wrong. */
export function wanted(
  tool: { readonly name: string; readonly measures: readonly Measure[] },
  given: { readonly slo: readonly string[]; readonly output: string | undefined; readonly metrics?: boolean },
  refuse: (why: string) => Error,
): Wanted {
  const { slo, output, metrics = false } = given;
  if (output !== undefined && output !== 'json') throw refuse(`--output takes json, not ${output}.`);
  if (output !== undefined && metrics) throw refuse('--output json has no metrics: leave out --print-metrics.');
  try {
    return { slos: slo.map((text) => parseSlo(text, tool.name, tool.measures)), json: output === 'json' };
  } catch (error) {
    throw error instanceof Error ? refuse(error.message) : error;
  }
}

/** Where Java's lines go: nowhere when there is to be one JSON document. */
export const forLines = (io: Io, { json }: Wanted): Io =>
  json ? { ...io, stdout: new Writable({ write: (_chunk, _encoding, done) => done() }) } : io;

/** Where warnings go: to stderr, beside a JSON document. */
export const forWarnings = (io: Io, { json }: Wanted): Io => (json ? { ...io, stdout: io.stderr } : io);

export interface Run {
  readonly tool: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly measured: Measured;
  /** further figures of the tool, for the JSON document */
  readonly figures: Readonly<Record<string, unknown>>;
  readonly histogram?: Histogram | undefined;
}

/** Prints the verdicts, or the JSON document; the exit code. */
export async function conclude({ slos, json }: Wanted, run: () => Run, io: Io): Promise<number> {
  if (slos.length === 0 && !json) return EXIT.ok;
  const { tool, parameters, measured, figures, histogram } = run();
  const verdicts = judge(slos, measured);
  const pass = verdicts.every((verdict) => verdict.pass);
  const text = json
    ? JSON.stringify({ tool, parameters, figures: { ...figures, ...measured }, histogram, verdicts, pass }, null, 2)
    : verdicts.map(verdictLine).join('\n');
  await write(io.stdout, `${text}\n`);
  return pass ? EXIT.ok : EXIT.failure;
}

const SECRET = /password|jaas|secret|token|key|user\.info|assertion/i;

/** Properties as a document may show them. */
export const shownProperties = (properties: Iterable<readonly [string, string]>): Record<string, string> =>
  Object.fromEntries(Array.from(properties, ([name, value]) => [name, SECRET.test(name) ? '[hidden]' : value]));
