/** From `--exit-at-end`, `--from`, `--to`, `--tail` and `--grep`, which Kafka's script does not have, to what they ask for. */
import { CommandError } from '../../../cli/errors.js';
import type { ConsumerOptions } from './flags.js';
import { grep } from './grep.js';
import { pointInTime } from './point-in-time.js';
import { Selection } from './selection.js';
import type { WindowOptions } from './window.js';

export interface WhatToRead {
  /** undefined: from where Kafka's flags say, without an end */
  readonly window: WindowOptions | undefined;
  /** undefined: every record */
  readonly selection: Selection | undefined;
}

const CLASHES = [
  ['from', 'from-beginning'],
  ['from', 'offset'],
  ['from', 'tail'],
  ['tail', 'from-beginning'],
  ['tail', 'offset'],
  ['tail', 'to'],
] as const;

/** Throws CommandError, and FlagError for a flag that is no number. */
export function whatToRead(options: ConsumerOptions, now: number): WhatToRead {
  for (const [a, b] of CLASHES) {
    if (options.has(a) && options.has(b))
      throw new CommandError(`Options --${a} and --${b} cannot be specified together.`);
  }
  const from = time(options, 'from', now);
  const to = time(options, 'to', now);
  if (from !== undefined && to !== undefined && from >= to) {
    throw new CommandError('--from has to be before --to, which is the first moment that is left out.');
  }
  const tail: number | undefined = options.value('tail');
  if (tail !== undefined && tail < 0) throw new CommandError(`--tail takes a number of records, not ${tail}.`);
  const exitAtEnd = options.has('exit-at-end');
  const greps = options.values('grep').map(grep);
  const bounded = exitAtEnd || from !== undefined || to !== undefined || tail !== undefined;
  const selects = from !== undefined || to !== undefined || greps.length > 0;
  return {
    window: bounded ? { from, to, tail, exitAtEnd } : undefined,
    selection: selects
      ? new Selection(from ?? Number.NEGATIVE_INFINITY, to ?? Number.POSITIVE_INFINITY, greps)
      : undefined,
  };
}

/** Whether a partition without a committed offset starts at its first record, unless a window moves it. */
export const startsEarly = (options: ConsumerOptions): boolean =>
  options.has('from-beginning') || options.has('from') || options.has('to') || options.has('tail');

function time(options: ConsumerOptions, name: 'from' | 'to', now: number): number | undefined {
  const text: string | undefined = options.value(name);
  if (text === undefined) return undefined;
  const ms = pointInTime(text, now);
  if (ms !== undefined) return ms;
  const forms = '2026-01-31, 2026-01-31T12:00:00Z, milliseconds since 1970, "now", or a time ago: -30m, -1h, -2d';
  throw new CommandError(`--${name} does not understand '${text}': it takes ${forms}.`);
}
