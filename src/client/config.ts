import type { Properties } from './properties.js';

/** A setting that cannot be used: Java's org.apache.kafka.common.config.ConfigException. */
export class ConfigError extends Error {
  override readonly name: string = 'ConfigError';
  readonly exception = 'ConfigException';
}

/** A setting that parses, but no client can be made with it: Java wraps it in "Failed to create new KafkaAdminClient". */
export class ClientCreationError extends ConfigError {
  override readonly name = 'ClientCreationError';
}

/** Reads a number as Java's ConfigDef does. */
export function numberSetting(
  properties: Properties,
  key: string,
  fallback: number,
  [low, high]: readonly [number, number] = [0, 2147483647],
  type: 'INT' | 'LONG' = 'INT',
): number {
  const text = properties.get(key)?.trim();
  if (text === undefined) return fallback;
  const exact = /^[+-]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
  if (exact === undefined || exact !== BigInt.asIntN(type === 'INT' ? 32 : 64, exact)) {
    throw new ConfigError(`Invalid value ${text} for configuration ${key}: Not a number of type ${type}`);
  }
  const value = Math.min(Number(exact), Number.MAX_SAFE_INTEGER);
  if (value < low) {
    throw new ConfigError(`Invalid value ${text} for configuration ${key}: Value must be at least ${low}`);
  }
  if (value > high) {
    throw new ConfigError(`Invalid value ${text} for configuration ${key}: Value must be no more than ${high}`);
  }
  return value;
}

/** Reads a boolean as Java's ConfigDef does. */
export function booleanSetting(properties: Properties, key: string, fallback: boolean): boolean {
  const text = properties.get(key)?.trim().toLowerCase();
  if (text === undefined) return fallback;
  if (text !== 'true' && text !== 'false') {
    throw new ConfigError(
      `Invalid value ${properties.get(key)} for configuration ${key}: Expected value to be either true or false`,
    );
  }
  return text === 'true';
}

/** How long things may take, ms. */
export interface Timeouts {
  /** a call with all its retries (default.api.timeout.ms) */
  readonly api: number;
  /** one request on one connection (request.timeout.ms) */
  readonly request: number;
  /** TCP and TLS set-up of one connection (socket.connection.setup.timeout.ms) */
  readonly connection: number;
  readonly retryBackoff: number;
  readonly retryBackoffMax: number;
}

/** The time-outs of Java's admin client, from its properties. */
export function readTimeouts(properties: Properties): Timeouts {
  const request = numberSetting(properties, 'request.timeout.ms', 30_000);
  const api = numberSetting(properties, 'default.api.timeout.ms', 60_000);
  return {
    api: properties.has('default.api.timeout.ms') ? api : Math.max(api, request),
    request,
    connection: Math.min(
      numberSetting(properties, 'socket.connection.setup.timeout.ms', 10_000, [0, Number.MAX_VALUE], 'LONG'),
      2147483647,
    ),
    retryBackoff: numberSetting(properties, 'retry.backoff.ms', 100, [0, Number.MAX_VALUE], 'LONG'),
    retryBackoffMax: numberSetting(properties, 'retry.backoff.max.ms', 1000, [0, Number.MAX_VALUE], 'LONG'),
  };
}
