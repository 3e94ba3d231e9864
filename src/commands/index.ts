/**
 * Every command, by the name `ts-kafka` takes (a script's name without kafka- and .sh): one line each, read by
 * scripts/build.mjs too, which makes one bundle a line. A command's module exports `command`, and `flags` when it has a
 * flag table (completion reads it).
 */

import type { FlagTable } from '../cli/flags.js';
import type { Command } from '../cli/io.js';

export interface CommandModule {
  readonly command: Command;
  readonly flags?: FlagTable<any>;
}

export const COMMANDS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  topics: () => import('./topics/index.js'),
  'console-producer': () => import('./console-producer/index.js'),
  'consumer-groups': () => import('./consumer-groups/index.js'),
  'server-stop': () => import('./server-stop/index.js'),
  storage: () => import('./storage/index.js'),
  help: () => import('./help/index.js'),
};

/** argv[0]'s command and its arguments; for any other word, or none, the command that lists them all, which gets the word too. */
export async function load(argv: readonly string[]): Promise<{ command: Command; args: readonly string[] }> {
  const [name] = argv;
  const known = name !== undefined && name !== 'help' && Object.hasOwn(COMMANDS, name);
  const { command } = await COMMANDS[known ? name : 'help']!();
  return { command, args: known ? argv.slice(1) : argv };
}
