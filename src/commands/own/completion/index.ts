/** `ts-kafka completion bash|zsh|fish` prints the shell script, which calls `completion words SHELL LINE` at each tab. */
import { Command as Commander } from 'commander';
import { CommandError } from '../../../cli/errors.js';
import type { Command, Io } from '../../../cli/io.js';
import { scriptNames } from '../../index.js';
import { runTree } from '../tree.js';
import { candidates } from './candidates.js';
import { SCRIPTS, type Shell, words } from './shells.js';

export const command: Command = {
  interruptible: true,
  async run(argv: readonly string[], io: Io): Promise<number> {
    if (argv[0] === 'words') return answer(argv[1] as Shell, argv[2] ?? '', io);
    const tree = new Commander('ts-kafka completion')
      .description(
        'Print shell completion. bash: eval "$(ts-kafka completion bash)"; fish: ts-kafka completion fish | source',
      )
      .argument('<shell>', 'bash, zsh or fish');
    return runTree(tree, argv, io, async (_, [shell]) => {
      if (!Object.hasOwn(SCRIPTS, shell!))
        throw new CommandError(`completion knows bash, zsh and fish, not "${shell}"`);
      const names = ['ts-kafka', ...scriptNames().flatMap((name) => [`kafka-${name}`, `kafka-${name}.sh`])];
      io.stdout.write(SCRIPTS[shell as Shell](names));
    });
  },
};

/** Never fails: an error message would end up in the middle of the line being typed. */
async function answer(shell: Shell, line: string, io: Io): Promise<number> {
  const found = await candidates(words(line), io.env).catch(() => []);
  for (const { word, about } of found) {
    const shown = shell === 'bash' ? word.replace(/^--[^=]*=(?=.)/, '') : word;
    io.stdout.write(shell === 'fish' && about ? `${shown}\t${about}\n` : `${shown}\n`);
  }
  return 0;
}
