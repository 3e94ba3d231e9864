/** Config definitions (name, type, default, validator) and parsing. Mirrors ConfigDef, with its messages. */
import { formatDouble, parseDouble } from './double.js';
import { integerValue } from './integer.js';

export type ConfigType = 'boolean' | 'string' | 'int' | 'short' | 'long' | 'double' | 'list' | 'class' | 'password';
/** A parsed value. A long beyond 2^53 is rounded; its text stays exact. */
export type ConfigValue = string | number | boolean | readonly string[];
/** Throws ConfigError. `text`: the value as Kafka prints it, if that differs from JavaScript's. */
export type Validator = (name: string, value: ConfigValue | null, text?: string | null) => void;

/** The definition of one config. Mirrors ConfigDef.ConfigKey. */
export interface ConfigKey {
  readonly name: string;
  readonly type: ConfigType;
  /** null: no default */
  readonly default: string | null;
  readonly check: Validator;
}

/** Java's org.apache.kafka.common.config.ConfigException: an invalid config value, with Kafka's message. */
export class ConfigError extends Error {
  override readonly name: string = 'ConfigError';
  readonly exception = 'ConfigException';
  readonly javaClass = 'org.apache.kafka.common.config.ConfigException';
}

const shown = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  return typeof value === 'number' && !Number.isInteger(value) ? formatDouble(value) : String(value);
};
const invalid = (name: string, value: unknown, why: string): ConfigError =>
  new ConfigError(`Invalid value ${shown(value)} for configuration ${name}: ${why}`);

export const any: Validator = () => {};
export const nonNull: Validator = (name, value) => {
  if (value === null) throw invalid(name, null, 'entry must be non null');
};
export const nonEmpty: Validator = (name, value) => {
  if (value === '') throw invalid(name, value, 'String must be non-empty');
};
export const between =
  (min: number, max: number): Validator =>
  (name, value, text = null) => {
    if (value === null) throw invalid(name, null, 'Value must be non-null');
    if ((value as number) < min) throw invalid(name, text ?? value, `Value must be at least ${min}`);
    if ((value as number) > max) throw invalid(name, text ?? value, `Value must be no more than ${max}`);
  };
export const atLeast = (min: number): Validator => between(min, Number.POSITIVE_INFINITY);
export const oneOf =
  (names: readonly string[]): Validator =>
  (name, value) => {
    if (!names.includes(value as string)) throw invalid(name, value, `String must be one of: ${names.join(', ')}`);
  };
export const oneOfAnyCase =
  (names: readonly string[]): Validator =>
  (name, value) => {
    if (names.includes(String(value).toUpperCase())) return;
    throw invalid(name, value, `String must be one of (case insensitive): ${names.join(', ')}`);
  };
/** A list of distinct items out of `names` (any items if that is empty). */
export const listOf = (names: readonly string[], canBeEmpty: boolean, canBeNull: boolean): Validator => {
  const item = oneOf(names);
  return (name, value) => {
    if (value === null) {
      if (canBeNull) return;
      throw new ConfigError(`Configuration '${name}' values must not be null.`);
    }
    const items = value as readonly string[];
    if (!canBeEmpty && items.length === 0) {
      const valid = names.length === 0 ? 'any non-empty value' : shown(names);
      throw new ConfigError(`Configuration '${name}' must not be empty. Valid values include: ${valid}`);
    }
    for (const one of items) {
      if (one === '') throw new ConfigError(`Configuration '${name}' values must not be empty.`);
      if (names.length > 0) item(name, one);
    }
  };
};
export const gzipLevel: Validator = (name, value) => {
  const level = value as number;
  if (level > 9 || (level < 1 && level !== -1)) {
    throw invalid(name, value, 'Value must be between 1 and 9 or equal to -1');
  }
};
export const throttledReplicas: Validator = (name, value) => {
  const items = (value as readonly string[]).map((item) => item.trim());
  if (items.every((item) => /^([0-9]+:[0-9]+)?$/.test(item)) || items.join('') === '*') return;
  const form = '[partitionId]:[brokerId],[partitionId]:[brokerId],...';
  throw invalid(name, value, `${name} must be the literal '*' or a list of replicas in the following format: ${form}`);
};
export const shareOffsetReset: Validator = (name, value) => {
  const text = String(value);
  if (/^(earliest|latest)$/i.test(text) || /^by_duration:\+?P(?=.)(\d+D)?(T(\d+H)?(\d+M)?([\d.]+S)?)?$/i.test(text))
    return;
  const words = "must be either 'earliest', 'latest' or of the format 'by_duration:<PnDTnHnMn.nS>'.";
  throw invalid(name, value, `Invalid value \`${text}\` for configuration ${name}. The value ${words}`);
};
export const quorumVoters: Validator = (name, value) => {
  for (const voter of value as readonly string[]) {
    if (!/^\d+@.*:\d+$/.test(voter)) {
      throw invalid(name, voter, 'Each entry should be in the form `{id}@{host}:{port}`.');
    }
  }
};
export const bootstrapServers: Validator = (name, value) => {
  for (const server of value as readonly string[]) {
    if (!/:\d+$/.test(server)) throw invalid(name, server, 'Each entry should be in the form `{host}:{port}`.');
  }
};

const BITS = { short: 16, int: 32, long: 64 } as const;

/** Parses an integer config. Throws ConfigError with Kafka's name of the type. */
export function readInteger(name: string, raw: string, type: keyof typeof BITS): bigint {
  const value = integerValue(raw.trim(), BITS[type]);
  if (value === undefined) throw invalid(name, raw, `Not a number of type ${type.toUpperCase()}`);
  return value;
}

export interface Parsed {
  readonly value: ConfigValue | null;
  /** as returned by DescribeConfigs */
  readonly text: string | null;
}

function read(key: ConfigKey, raw: string): { value: ConfigValue; text: string } {
  const trimmed = raw.trim();
  switch (key.type) {
    case 'boolean': {
      const text = trimmed.toLowerCase();
      if (text !== 'true' && text !== 'false') {
        throw invalid(key.name, raw, 'Expected value to be either true or false');
      }
      return { value: text === 'true', text };
    }
    case 'int':
    case 'short':
    case 'long': {
      const value = readInteger(key.name, raw, key.type);
      return { value: Number(value), text: String(value) };
    }
    case 'double': {
      const value = parseDouble(trimmed);
      if (value === undefined) throw invalid(key.name, raw, 'Not a number of type DOUBLE');
      return { value, text: formatDouble(value) };
    }
    case 'list': {
      const items = trimmed === '' ? [] : trimmed.split(/\s*,\s*/);
      const value = key.check === throttledReplicas ? items : [...new Set(items)];
      return { value, text: value.join(',') };
    }
    default:
      return { value: trimmed, text: trimmed };
  }
}

/** Parses and validates one config; throws ConfigError. */
export function parseConfig(key: ConfigKey, raw: string | null): Parsed {
  const parsed: Parsed = raw === null ? { value: null, text: null } : read(key, raw);
  key.check(key.name, parsed.value, parsed.text);
  return parsed;
}
