/** Our own commands' arguments, read by commander: what it prints goes where our errors go. */
import { type Command as Commander, CommanderError, type OptionValues } from 'commander';
import { CommandError } from '../../cli/errors.js';
import type { Io } from '../../cli/io.js';

/** Runs `action` with the options and arguments that `tree` reads from argv. Resolves to the exit code. */
export async function runTree(
  tree: Commander,
  argv: readonly string[],
  io: Io,
  action: (options: OptionValues, args: readonly string[]) => Promise<void>,
): Promise<number> {
  let said = '';
  tree.exitOverride().configureOutput({
    writeOut: (text) => void io.stdout.write(text),
    writeErr: (text) => {
      said += text;
    },
  });
  tree.action(() => action(tree.opts(), tree.args));
  try {
    await tree.parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw new CommandError(error.message, { stderr: said });
  }
}
