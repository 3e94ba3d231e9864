/**
 * The cluster that commands use when no flag names one: TS_KAFKA_BOOTSTRAP_SERVER, else a profile (client/profiles.ts).
 * A flag always wins, and then no profile is read, so that a profile's credentials are never sent to another cluster.
 */
import type { ProgramSpec } from '../../cli/argparse/spec.js';
import { CommandError } from '../../cli/errors.js';
import type { Io } from '../../cli/io.js';
import { type Defaults, ProfileError, readDefaults as read } from '../../client/profiles.js';

type Env = Io['env'];

/** Throws a CommandError that names the configuration file if it is invalid. */
export function readDefaults(env: Env): Defaults {
  try {
    return read(env);
  } catch (error) {
    throw error instanceof ProfileError ? new CommandError(error.message) : error;
  }
}

/** Flags that name a cluster, or need none. */
const DECIDES = ['bootstrap-server', 'bootstrap-controller', 'broker-list', 'help', 'version'];

/**
 * `withDefaults` for commands with an argparse4j parser: adds the defaults at the front if --bootstrap-server is an option
 * of the program, at the end if it is one of the sub-command.
 */
export function withProgramDefaults(argv: readonly string[], program: ProgramSpec, env: Env): readonly string[] {
  const command = argv.find((word) => Object.hasOwn(program.commands?.parsers ?? {}, word));
  const own = program.arguments.some(isBootstrap);
  const taken = own ? program.arguments : (program.commands?.parsers[command ?? '']?.arguments ?? []);
  if (argv.length === 0 || argv.includes('--') || !taken.some(isBootstrap)) return argv;
  const given = (name: string) => {
    const names = taken.find((argument) => argument.names.includes(`--${name}`))?.names ?? [`--${name}`];
    return argv.some((word) => names.includes(word.split('=', 1)[0]!));
  };
  const elsewhere = () =>
    argv.some((word) => /^(bootstrap\.servers=|--(command-config|producer\.config)(=|$))/.test(word));
  if (DECIDES.some(given) || argv.includes('-h') || (program.bootstrapElsewhere && elsewhere())) return argv;
  const { active } = readDefaults(env);
  if (!active) return argv;
  const config = active['command-config'];
  const useConfig = config !== undefined && !['command-config', 'config'].some(given);
  const added = ['--bootstrap-server', active['bootstrap-server'], ...(useConfig ? ['--command-config', config] : [])];
  return own ? [...added, ...argv] : [...argv, ...added];
}

const isBootstrap = ({ names }: { readonly names: readonly string[] }): boolean => names.includes('--bootstrap-server');

/** `argv` with the defaults in front, if the command has these flags and the user did not give them. */
export function withDefaults(
  argv: readonly string[],
  flags: Readonly<Record<string, unknown>>,
  env: Env,
): readonly string[] {
  if (argv.length === 0 || !('bootstrap-server' in flags)) return argv;
  const given = (name: string) =>
    argv.some((word) => word.replace(/^--?/, '').split('=', 1)[0] === name && word.startsWith('-'));
  if (DECIDES.some(given)) return argv;
  const { active } = readDefaults(env);
  if (!active) return argv;
  const config = active['command-config'];
  const useConfig = config !== undefined && 'command-config' in flags && !given('command-config');
  return [
    ...['--bootstrap-server', active['bootstrap-server']],
    ...(useConfig ? ['--command-config', config] : []),
    ...argv,
  ];
}
