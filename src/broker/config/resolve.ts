/** Merges server.properties, the environment and the command line into one configuration. */

import { ConfigError } from '../../java/config-def.js';
import { jaasFileOf } from '../../security/jaas-file.js';
import { BrokerConfig } from './broker-config.js';
import { defaultLogDir } from './defaults.js';
import { environmentClusterId, environmentSettings } from './environment.js';
import { environmentNotes } from './environment-notes.js';
import { type Listeners, parseListeners } from './listeners.js';
import { settingNotes } from './notes.js';

/** The configuration a broker starts with. */
export interface Resolved extends Listeners {
  readonly config: BrokerConfig;
  readonly logDir: string;
  /** id for a new cluster; undefined generates one */
  readonly clusterId: string | undefined;
  /** lines for the user about configs that are unknown, or have no effect on a single node */
  readonly notes: readonly string[];
}

/** The command line takes precedence over the environment, and the environment over the file. Throws ConfigError. */
export function resolveConfig(from: {
  file?: Iterable<readonly [string, string]>;
  env: Readonly<Record<string, string | undefined>>;
  overrides?: Iterable<readonly [string, string]>;
}): Resolved {
  const environment = environmentSettings(from.env);
  const given = new Map([...(from.file ?? []), ...environment.settings, ...(from.overrides ?? [])]);
  if (!given.has('log.dirs') && !given.has('log.dir')) given.set('log.dirs', defaultLogDir(from.env));
  const config = new BrokerConfig(given, jaasFileOf(from.env.KAFKA_OPTS));
  const listeners = parseListeners(config);
  const notes = settingNotes(given, listeners);
  const unknown = environment.unknown;
  if (unknown.length > 0) notes.push(`unknown settings in the environment, without effect: ${unknown.join(', ')}`);
  const clusterId = environmentClusterId(from.env);
  notes.push(...environmentNotes(from.env));
  return { config, logDir: logDirectory(config), clusterId, ...listeners, notes };
}

/** Only one log directory is supported: logs in further ones would appear lost. */
function logDirectory(config: BrokerConfig): string {
  const dirs = String(config.setting('log.dirs')).split(',');
  const metadata = String(config.setting('metadata.log.dir'));
  if (metadata !== '' && !dirs.includes(metadata)) dirs.push(metadata);
  const [dir = '', ...others] = dirs;
  if (others.length > 0) {
    throw new ConfigError(
      `ts-kafka keeps everything in one log directory, but there are ${dirs.length}: ${dirs.join(', ')}`,
    );
  }
  if (dir === '') throw new ConfigError('At least one log directory must be defined via log.dirs or log.dir.');
  return dir;
}
