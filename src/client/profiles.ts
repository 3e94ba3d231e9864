/**
 * Profiles: named clusters, stored in `$XDG_CONFIG_HOME/ts-kafka/config.json`, else `~/.config/ts-kafka/config.json`:
 *
 *   { "profile": "local",
 *     "profiles": { "local": { "bootstrap-server": "localhost:9092" },
 *                   "prod":  { "bootstrap-server": "b1:9094,b2:9094", "command-config": "prod.properties" } } }
 *
 * TS_KAFKA_PROFILE selects the active profile, else the file's "profile". TS_KAFKA_BOOTSTRAP_SERVER overrides both.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export type Env = Readonly<Record<string, string | undefined>>;

/** A named cluster. */
export interface Profile {
  readonly 'bootstrap-server': string;
  /** absolute path of a properties file */
  readonly 'command-config'?: string;
}

export interface Defaults {
  /** the cluster to use; undefined when neither the environment nor the file names one */
  readonly active: Profile | undefined;
  /** human-readable origin of `active` */
  readonly source: string;
  readonly file: string;
  readonly profiles: Readonly<Record<string, Profile>>;
}

/** The configuration file is unreadable or malformed, or lacks the profile; the message names the file. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}

/** Path of the configuration file. */
export function configFile(env: Env): string {
  return join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'ts-kafka', 'config.json');
}

/** Throws ProfileError; a file that does not exist counts as an empty one. */
export function readDefaults(env: Env): Defaults {
  const file = configFile(env);
  const { profile: chosen, profiles } = readConfig(file);
  const known = { file, profiles };
  if (env.TS_KAFKA_BOOTSTRAP_SERVER) {
    const active = { 'bootstrap-server': env.TS_KAFKA_BOOTSTRAP_SERVER };
    return { ...known, active, source: 'TS_KAFKA_BOOTSTRAP_SERVER' };
  }
  const named = env.TS_KAFKA_PROFILE || chosen;
  if (!named) return { ...known, active: undefined, source: 'nothing: no TS_KAFKA_BOOTSTRAP_SERVER, no profile' };
  return { ...known, active: find(named, profiles, file), source: `profile "${named}" of ${file}` };
}

/** Reads the profile `name`. Throws ProfileError. */
export function readProfile(name: string, env: Env): Profile {
  const file = configFile(env);
  return find(name, readConfig(file).profiles, file);
}

function find(name: string, profiles: Readonly<Record<string, Profile>>, file: string): Profile {
  const found = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (!found) throw new ProfileError(`${file} has no profile "${name}": ${names(profiles)}`);
  return found;
}

const names = (profiles: object): string => {
  const all = Object.keys(profiles);
  return all.length === 0 ? 'it names none' : `it has ${all.map((name) => `"${name}"`).join(', ')}`;
};

function readConfig(file: string): { profile?: string | undefined; profiles: Record<string, Profile> } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { profiles: {} };
    throw new ProfileError(`${file} cannot be read: ${(error as Error).message}`);
  }
  try {
    const { profile, profiles = {} } = JSON.parse(text) as { profile?: unknown; profiles?: Record<string, unknown> };
    const read = Object.entries(profiles).map(([name, value]) => [name, asProfile(name, value, file)] as const);
    return { profile: profile === undefined ? undefined : String(profile), profiles: Object.fromEntries(read) };
  } catch (error) {
    if (error instanceof ProfileError) throw error;
    throw new ProfileError(`${file} is not a JSON object with "profiles": ${(error as Error).message}`);
  }
}

function asProfile(name: string, value: unknown, file: string): Profile {
  const { 'bootstrap-server': bootstrap, 'command-config': config } = (value ?? {}) as Record<string, unknown>;
  if (typeof bootstrap !== 'string') throw new ProfileError(`${file}: profile "${name}" has no "bootstrap-server"`);
  if (typeof config !== 'string') return { 'bootstrap-server': bootstrap };
  return { 'bootstrap-server': bootstrap, 'command-config': resolve(dirname(file), config) };
}
