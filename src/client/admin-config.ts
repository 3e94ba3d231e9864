/** What Java's admin client refuses of its properties although nothing here depends on them. Mirrors AdminClientConfig. */
import { booleanSetting, ClientCreationError, ConfigError, numberSetting, type Timeouts } from './config.js';
import type { Properties } from './properties.js';

type Check = (properties: Properties, key: string) => void;

const MOST = Number.MAX_VALUE;
const within = (type: 'INT' | 'LONG', low: number, high = MOST): Check => {
  return (properties, key) => void numberSetting(properties, key, 0, [low, high], type);
};
const long = within('LONG', -MOST);
const duration = within('LONG', 0);
const bool: Check = (properties, key) => void booleanSetting(properties, key, false);

function oneOf(how: 'String must be one of' | 'String must be one of (case insensitive)', ...words: string[]): Check {
  const heard = how.endsWith(')') ? (word: string) => word.toUpperCase() : (word: string) => word;
  return (properties, key) => {
    const value = properties.get(key)?.trim();
    if (value === undefined || words.includes(heard(value))) return;
    throw new ConfigError(`Invalid value ${value} for configuration ${key}: ${how}: ${words.join(', ')}`);
  };
}

/** In the order in which Java checks them. */
const CHECKS: Readonly<Record<string, Check>> = {
  'metadata.max.age.ms': duration,
  'send.buffer.bytes': within('INT', -1),
  'receive.buffer.bytes': within('INT', -1),
  'reconnect.backoff.ms': duration,
  'reconnect.backoff.max.ms': duration,
  'retry.backoff.ms': duration,
  'retry.backoff.max.ms': duration,
  'enable.metrics.push': bool,
  'request.timeout.ms': within('INT', 0),
  'socket.connection.setup.timeout.ms': long,
  'socket.connection.setup.timeout.max.ms': long,
  'connections.max.idle.ms': long,
  retries: within('INT', 0),
  'default.api.timeout.ms': within('INT', 0),
  'metrics.sample.window.ms': duration,
  'metrics.num.samples': within('INT', 1),
  'metrics.recording.level': oneOf('String must be one of', 'INFO', 'DEBUG', 'TRACE'),
  'client.dns.lookup': oneOf('String must be one of', 'use_all_dns_ips', 'resolve_canonical_bootstrap_servers_only'),
  'metadata.recovery.strategy': oneOf('String must be one of (case insensitive)', 'REBOOTSTRAP', 'NONE'),
  'metadata.recovery.rebootstrap.trigger.ms': duration,
};

/** Throws ConfigError for the first value that no admin client takes. */
export function checkAdminConfig(properties: Properties): void {
  for (const [key, check] of Object.entries(CHECKS)) if (properties.has(key)) check(properties, key);
}

export function checkAdminTimeouts({ api, request }: Timeouts): void {
  if (api >= request) return;
  throw new ClientCreationError(
    'The specified value of default.api.timeout.ms must be no smaller than the value of request.timeout.ms.',
  );
}
