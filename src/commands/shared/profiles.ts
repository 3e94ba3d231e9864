/**
 * Where commands go when no flag says so: TS_KAFKA_BOOTSTRAP_SERVER, else a profile of the configuration file
 * (`$XDG_CONFIG_HOME/ts-kafka/config.json`, else `~/.config/…`), the one that TS_KAFKA_PROFILE or its "profile" names:
 *
 *   { "profile": "local",
 *     "profiles": { "local": { "bootstrap-server": "localhost:9092" },
 *                   "prod":  { "bootstrap-server": "b1:9094,b2:9094", "command-config": "prod.properties" } } }
 *
 * A flag always wins, and then nothing of this is read: no profile's credentials go to another cluster.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { ProgramSpec } from '../../cli/argparse/spec.js';
import { CommandError, errorLine } from '../../cli/errors.js';
import type { Io } from '../../cli/io.js';

type Env = Io['env'];

export interface Profile {
  readonly 'bootstrap-server': string;
  /** absolute path of a properties file */
  readonly 'command-config'?: string;
}

export interface Defaults {
  /** what commands use; undefined when there is nothing to use */
  readonly active: Profile | undefined;
  /** where `active` comes from, in words */
  readonly source: string;
  readonly file: string;
  readonly profiles: Readonly<Record<string, Profile>>;
}

export function configFile(env: Env): string {
  return join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'ts-kafka', 'config.json');
}

/** Throws a CommandError that names the file when it makes no sense; an absent one is an empty one. */
export function readDefaults(env: Env): Defaults {
  const file = configFile(env);
  const { profile: chosen, profiles } = readConfig(file);
  const named = env.TS_KAFKA_PROFILE || chosen;
  const known = { file, profiles };
  if (env.TS_KAFKA_BOOTSTRAP_SERVER) {
    const active = { 'bootstrap-server': env.TS_KAFKA_BOOTSTRAP_SERVER };
    return { ...known, active, source: 'TS_KAFKA_BOOTSTRAP_SERVER' };
  }
  if (!named) return { ...known, active: undefined, source: 'nothing: no TS_KAFKA_BOOTSTRAP_SERVER, no profile' };
  const active = Object.hasOwn(profiles, named) ? profiles[named] : undefined;
  if (!active) throw new CommandError(`${file} has no profile "${named}": ${names(profiles)}`);
  return { ...known, active, source: `profile "${named}" of ${file}` };
}

const names = (profiles: object) => {
  const all = Object.keys(profiles);
  return all.length === 0 ? 'it names none' : `it has ${all.map((name) => `"${name}"`).join(', ')}`;
};

function readConfig(file: string): { profile?: string | undefined; profiles: Record<string, Profile> } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { profiles: {} };
    throw new CommandError(`${file} cannot be read: ${errorLine(error)}`);
  }
  try {
    const { profile, profiles = {} } = JSON.parse(text) as { profile?: unknown; profiles?: Record<string, unknown> };
    const read = Object.entries(profiles).map(([name, value]) => [name, asProfile(name, value, file)] as const);
    return { profile: profile === undefined ? undefined : String(profile), profiles: Object.fromEntries(read) };
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${file} is not a JSON object with "profiles": ${errorLine(error)}`);
  }
}

function asProfile(name: string, value: unknown, file: string): Profile {
  const { 'bootstrap-server': bootstrap, 'command-config': config } = (value ?? {}) as Record<string, unknown>;
  if (typeof bootstrap !== 'string') throw new CommandError(`${file}: profile "${name}" has no "bootstrap-server"`);
  if (typeof config !== 'string') return { 'bootstrap-server': bootstrap };
  return { 'bootstrap-server': bootstrap, 'command-config': resolve(dirname(file), config) };
}

/** Flags that say which cluster is meant, or that none is. */
const DECIDES = ['bootstrap-server', 'bootstrap-controller', 'broker-list', 'help', 'version'];

/**
 * The same for a command whose parser is argparse4j's: in front where the program itself takes the brokers, behind where
 * its sub-commands do.
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

/** `argv` with the defaults in front, where the command has such flags and the user gave none. */
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
