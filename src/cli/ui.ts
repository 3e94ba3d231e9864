/** Terminal-only output on stderr: colour and a spinner. Loaded only when stderr is a terminal. */
import { Chalk, type ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import ora from 'ora';
import type { Io } from './io.js';

type Env = Io['env'];

/** FORCE_COLOR takes precedence; else NO_COLOR with any value, or a dumb terminal, disables colour. */
export function hasColour(env: Env): boolean {
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return !env.NO_COLOR && env.TERM !== 'dumb';
}

function chalkFor(env: Env): ChalkInstance {
  return new Chalk({ level: hasColour(env) ? 1 : 0 });
}

/** An error formatted for a terminal: the first line red, the rest plain, a hint dimmed. */
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

/** Whether a spinner is running. There is only one: a second one stops the first. */
export const isSpinning = (): boolean => current !== undefined;

/** Spins until stopped, then clears its line. Does not touch stdin, which the producer is reading. */
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

/** Formats a table with headings, for output that the Java tools do not have. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const drawn = new Table({ head: [...head], style: { head: [], border: [] } });
  for (const row of rows) drawn.push([...row]);
  return drawn.toString();
}

/** Colours of the quickstart: explanations, commands, success. */
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
