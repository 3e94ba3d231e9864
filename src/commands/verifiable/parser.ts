/** What the parsers of the verifiable tools have in common. */
import { type ArgumentSpec, type Arguments, type ProgramSpec, programHelp, refused } from '../../cli/argparse/index.js';
import { CommandError, EXIT, errorLine } from '../../cli/errors.js';
import type { Io } from '../../cli/io.js';
import { propertiesFile } from '../shared/properties-file.js';

const CONNECTION = 'connection';

export const connectionArgument = (help: string, required = false): ArgumentSpec => ({
  names: ['--bootstrap-server'],
  metavar: 'HOST1:PORT1[,HOST2:PORT2[...]]',
  group: CONNECTION,
  required,
  help,
});

export const connectionGroups: ProgramSpec['groups'] = {
  [CONNECTION]: {
    exclusive: true,
    required: true,
    title: 'Connection Group',
    description: 'Which brokers are connected to',
  },
};

/** Without any arguments there is help, and that is no error. */
export function helpWithoutArguments(parser: ProgramSpec, argv: readonly string[], io: Io): void {
  if (argv.length === 0) throw new CommandError('help', { stdout: programHelp(parser, io), code: EXIT.ok });
}

/** The properties of `--command-config`, or of the option it took the place of, where there was one. */
export function configProperties(
  parser: ProgramSpec,
  args: Arguments,
  old: string | undefined,
  io: Io,
): Map<string, string> {
  const outdated = old !== undefined && args.has(old);
  if (outdated && args.has('command-config')) {
    throw refused(parser, `Options --${old} and --command-config are mutually exclusive.`, io);
  }
  if (outdated) {
    const gone = 'has been deprecated and will be removed in a future version';
    io.stdout.write(`Option --${old} ${gone}. Use --command-config instead.\n`);
  }
  const file = args.text('command-config') ?? (outdated ? args.text(old) : undefined);
  if (file === undefined) return new Map();
  try {
    return propertiesFile(file);
  } catch (error) {
    throw refused(parser, errorLine(error), io);
  }
}
