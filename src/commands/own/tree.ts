/** Parses the arguments of our own commands with commander, and routes its output through our io. */
import { type Command as Commander, CommanderError, type OptionValues } from 'commander';
import { CommandError } from '../../cli/errors.js';
import type { Io } from '../../cli/io.js';

/** Parses argv with `tree` and runs `action` with the options and arguments. Resolves to the exit code. */
export async function runTree(
  tree: Commander,
  argv: readonly string[],
  io: Io,
  action: (options: OptionValues, args: readonly string[]) => Promise<void>,
): Promise<number> {
  let output = '';
  tree.exitOverride().configureOutput({
    writeOut: (text) => void io.stdout.write(text),
    writeErr: (text) => {
      output += text;
    },
  });
  tree.action(() => action(tree.opts(), tree.args));
  try {
    await tree.parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw new CommandError(error.message, { stderr: output });
  }
}
