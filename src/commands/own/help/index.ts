/** `ts-kafka --help`, `ts-kafka --version`, and the error for an unknown command. */
import { Command as Commander } from 'commander';
import manifest from '../../../../package.json' with { type: 'json' };
import { CommandError } from '../../../cli/errors.js';
import { VERSION } from '../../../cli/flags.js';
import type { Command, Io } from '../../../cli/io.js';
import { nearest } from '../../../java/nearest.js';
import { COMMANDS, listedNames } from '../../index.js';
import { SUMMARIES } from '../../shared/summaries.js';

export const command: Command = {
  interruptible: true,
  async run(argv: readonly string[], io: Io): Promise<number> {
    return answer(argv, io);
  },
};

/** `words`: everything after the program's name, including a possibly unknown command. */
async function answer(words: readonly string[], io: Io): Promise<number> {
  const [word] = words;
  if (word === '--version' || word === '-V') {
    io.stdout.write(`${manifest.version} (Kafka ${VERSION})\n`);
    return 0;
  }
  if (word !== undefined && word !== '--help' && word !== '-h' && word !== 'help') throw unknown(word);
  if (word === 'help' && words[1] !== undefined) return helpOf(words[1], io);
  (word === undefined ? io.stderr : io.stdout).write(program().helpInformation());
  return word === undefined ? 1 : 0;
}

function program(): Commander {
  const tree = new Commander('ts-kafka')
    .usage('<command> [options]')
    .description("Kafka's shell scripts without the JVM, and a single-node Kafka to run them against.")
    .helpOption('-h, --help', 'print this text')
    .version(manifest.version, '-V, --version', 'print the version')
    .helpCommand('help [command]', "print a command's options");
  for (const name of listedNames()) {
    if (name !== 'help') tree.command(name).description(SUMMARIES[name] ?? '');
  }
  return tree.configureHelp({ subcommandTerm: (sub) => sub.name() + (sub.name() === 'help' ? ' [command]' : '') });
}

function helpOf(name: string, io: Io): Promise<number> {
  if (!Object.hasOwn(COMMANDS, name) || name === 'help') throw unknown(name);
  return COMMANDS[name]!().then((module) => module.command.run(['--help'], io));
}

function unknown(word: string): CommandError {
  const meant = nearest(word.replace(/^kafka-|\.sh$/g, ''), listedNames());
  const hint = meant && `Did you mean "ts-kafka ${meant}"?`;
  return new CommandError(`ts-kafka: unknown command "${word}". "ts-kafka --help" lists the commands.`, { hint });
}
