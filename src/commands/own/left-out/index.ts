/** Kafka's scripts that are not built here: each says what it is and what to use, so that no caller guesses. */
import { CommandError } from '../../../cli/errors.js';
import type { Command } from '../../../cli/io.js';
import scripts from './scripts.json' with { type: 'json' };

const SCRIPTS: Readonly<Record<string, { readonly what: string; readonly use: string }>> = scripts;

/** The scripts' names, without .sh. */
export const leftOutNames: readonly string[] = Object.keys(SCRIPTS);

/** One line: what the script is, and what to use. */
export function leftOut(name: string): CommandError {
  const { what, use } = SCRIPTS[name] as { what: string; use: string };
  return new CommandError(`${name} ${what}. ts-kafka does not have it: use ${use}.`);
}

/** `argv[0]` is the script's name. */
export const command: Command = {
  interruptible: true,
  async run(argv) {
    const [name = ''] = argv;
    if (Object.hasOwn(SCRIPTS, name)) throw leftOut(name);
    throw new CommandError(`left-out tells of these scripts: ${leftOutNames.join(', ')}`);
  },
};
