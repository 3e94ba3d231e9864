import { any, between, ConfigError, type ConfigKey, parseConfig, readInteger } from '../java/config-def.js';
import type { Properties } from '../java/properties.js';

/** A valid setting that fails the client's creation: Java wraps it in "Failed to create new KafkaAdminClient". */
export class ClientCreationError extends ConfigError {
  override readonly name = 'ClientCreationError';
}

/** the longest delay of a timer: 24 days */
const TIMER_MAX = 2147483647;

/** A duration in ms, a LONG in Java; capped at the longest delay of a timer. */
export function timeSetting(properties: Properties, key: string, fallback: number): number {
  const bounds = [0, Number.MAX_SAFE_INTEGER] as const;
  return Math.min(numberSetting(properties, key, fallback, bounds, 'LONG'), TIMER_MAX);
}

/** retry.backoff.ms, capped at retry.backoff.max.ms: the backoff is then constant. */
export function backoffSettings(properties: Properties): { readonly first: number; readonly max: number } {
  const max = timeSetting(properties, 'retry.backoff.max.ms', 1000);
  return { first: Math.min(timeSetting(properties, 'retry.backoff.ms', 100), max), max };
}

/** Parses a number as Java's ConfigDef does; a LONG beyond 2^53 is rounded to the nearest double. */
export function numberSetting(
  properties: Properties,
  key: string,
  fallback: number,
  [low, high]: readonly [number, number] = [0, 2147483647],
  type: 'INT' | 'LONG' | 'SHORT' = 'INT',
): number {
  const text = properties.get(key)?.trim();
  if (text === undefined) return fallback;
  const exact = readInteger(key, text, LOWER[type]);
  const value = Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number(exact), Number.MAX_SAFE_INTEGER));
  between(low, high)(key, value, String(exact));
  return value;
}
const LOWER = { INT: 'int', LONG: 'long', SHORT: 'short' } as const;

/** Java accepts a negative value too, with which its sockets cannot connect. */
function connectionTimeout(properties: Properties): number {
  const key = 'socket.connection.setup.timeout.ms';
  const value = numberSetting(properties, key, 10_000, [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER], 'LONG');
  return value < 0 ? 10_000 : Math.min(value, TIMER_MAX);
}

/** Parses a boolean as Java's ConfigDef does. */
export function booleanSetting(properties: Properties, name: string, fallback: boolean): boolean {
  const text = properties.get(name);
  if (text === undefined) return fallback;
  const key: ConfigKey = { name, type: 'boolean', default: null, check: any };
  return parseConfig(key, text).value === true;
}

/** Timeouts and backoffs of a client, ms. */
export interface Timeouts {
  /** a call including its retries (default.api.timeout.ms) */
  readonly api: number;
  /** one request on one connection (request.timeout.ms) */
  readonly request: number;
  /** TCP and TLS set-up of one connection (socket.connection.setup.timeout.ms) */
  readonly connection: number;
  readonly retryBackoff: number;
  readonly retryBackoffMax: number;
}

/** Reads the timeouts of the admin client from its properties. */
export function readTimeouts(properties: Properties): Timeouts {
  const request = numberSetting(properties, 'request.timeout.ms', 30_000);
  const api = numberSetting(properties, 'default.api.timeout.ms', 60_000);
  const backoff = backoffSettings(properties);
  return {
    api: properties.has('default.api.timeout.ms') ? api : Math.max(api, request),
    request,
    connection: connectionTimeout(properties),
    retryBackoff: backoff.first,
    retryBackoffMax: backoff.max,
  };
}

/** Java's admin client requires default.api.timeout.ms >= request.timeout.ms. */
export function checkApiTimeout({ api, request }: Timeouts): void {
  if (api >= request) return;
  throw new ClientCreationError(
    'The specified value of default.api.timeout.ms must be no smaller than the value of request.timeout.ms.',
  );
}
