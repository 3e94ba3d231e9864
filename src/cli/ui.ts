/** What a terminal gets and a pipe never does: colour and a spinner, both on stderr. Loaded only when stderr is a terminal. */
import { Chalk, type ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import ora from 'ora';
import type { Io } from './io.js';

type Env = Io['env'];

/** FORCE_COLOR decides; else NO_COLOR with any value, or a dumb terminal, means none. */
export function hasColour(env: Env): boolean {
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return !env.NO_COLOR && env.TERM !== 'dumb';
}

function chalkFor(env: Env): ChalkInstance {
  return new Chalk({ level: hasColour(env) ? 1 : 0 });
}

/** An error as a terminal shows it: its first line red, what follows as it is, a hint dimmed. */
export function errorText(text: string, hint: string | undefined, env: Env): string {
  const chalk = chalkFor(env);
  const end = text.indexOf('\n');
  const painted = end < 0 ? chalk.red(text) : chalk.red(text.slice(0, end)) + text.slice(end);
  return hint === undefined ? painted : `${painted}${chalk.dim(hint)}\n`;
}

export interface Spinner {
  say(text: string): void;
  stop(): void;
}

let current: Spinner | undefined;

/** There is one line for it: a second spinner takes it from the first. */
export const isSpinning = (): boolean => current !== undefined;

/** Turns until stopped and leaves nothing behind. Stdin is left alone: the producer reads it meanwhile. */
export function spinner(io: Io, text: string): Spinner {
  current?.stop();
  const turning = ora({
    text,
    stream: io.stderr as NodeJS.WriteStream,
    discardStdin: false,
    isEnabled: true,
    color: hasColour(io.env) ? 'cyan' : false,
  }).start();
  const own: Spinner = {
    say: (next) => {
      turning.text = next;
    },
    stop: () => {
      if (current === own) current = undefined;
      turning.stop();
    },
  };
  current = own;
  return own;
}

/** Rows under headings, for what the Java tools do not print. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const drawn = new Table({ head: [...head], style: { head: [], border: [] } });
  for (const row of rows) drawn.push([...row]);
  return drawn.toString();
}

/** Colours of a play that a terminal watches: what is told, what is typed, what went well. */
export interface Paint {
  heading(text: string): string;
  typed(text: string): string;
  speaker(text: string): string;
  good(text: string): string;
}

export function paint(env: Env): Paint {
  const chalk = chalkFor(env);
  return { heading: chalk.bold, typed: chalk.cyan, speaker: chalk.dim, good: chalk.green };
}
