/** Topic configs as the Java tool checks them before it asks a broker. Mirrors LogConfig.validate and ConfigDef. */
import { formatDouble, parseDouble } from '../../java/double.js';
import { hashOrder } from '../../java/hash-order.js';

type Check = (name: string, text: string) => void;

const INT = 2n ** 31n;
const LONG = 2n ** 63n;

function invalid(name: string, value: unknown, reason: string): Error {
  return new Error(`Invalid value ${value} for configuration ${name}: ${reason}`);
}

function whole(type: 'INT' | 'LONG', least?: number, most?: number): Check {
  const limit = type === 'INT' ? INT : LONG;
  return (name, text) => {
    const trimmed = text.trim();
    const value = /^[+-]?\d+$/.test(trimmed) ? BigInt(trimmed.replace(/^\+/, '')) : limit;
    if (value >= limit || value < -limit) throw invalid(name, text, `Not a number of type ${type}`);
    if (least !== undefined && value < least) throw invalid(name, value, `Value must be at least ${least}`);
    if (most !== undefined && value > most) throw invalid(name, value, `Value must be no more than ${most}`);
  };
}

const gzipLevel: Check = (name, text) => {
  whole('INT')(name, text);
  const level = Number(text);
  if (level > 9 || (level < 1 && level !== -1))
    throw invalid(name, level, 'Value must be between 1 and 9 or equal to -1');
};

const ratio: Check = (name, text) => {
  const value = parseDouble(text);
  if (value === undefined) throw invalid(name, text, 'Not a number of type DOUBLE');
  const shown = formatDouble(value);
  if (value < 0) throw invalid(name, shown, 'Value must be at least 0');
  if (value > 1) throw invalid(name, shown, 'Value must be no more than 1');
};

const bool: Check = (name, text) => {
  if (!/^(true|false)$/i.test(text.trim())) throw invalid(name, text, 'Expected value to be either true or false');
};

function oneOf(...words: string[]): Check {
  return (name, text) => {
    if (!words.includes(text.trim())) throw invalid(name, text.trim(), `String must be one of: ${words.join(', ')}`);
  };
}

function listOf(...words: string[]): Check {
  return (name, text) => {
    const items = text.trim() === '' ? [] : text.trim().split(/\s*,\s*/);
    for (const item of items) {
      if (item === '') throw new Error(`Configuration '${name}' values must not be empty.`);
      oneOf(...words)(name, item);
    }
  };
}

const replicaList: Check = (name, text) => {
  const items = text.trim() === '' ? [] : text.trim().split(/\s*,\s*/);
  if (items.every((item) => /^(\d+:\d+)?$/.test(item)) || items.join('') === '*') return;
  const form = '[partitionId]:[brokerId],[partitionId]:[brokerId],...';
  throw invalid(
    name,
    `[${items.join(', ')}]`,
    `${name} must be the literal '*' or a list of replicas in the following format: ${form}`,
  );
};

/** In the order in which Java checks them. */
const CHECKS: Readonly<Record<string, Check>> = {
  'segment.bytes': whole('INT', 1024 * 1024),
  'segment.ms': whole('LONG', 1),
  'segment.jitter.ms': whole('LONG', 0),
  'segment.index.bytes': whole('INT', 4),
  'flush.messages': whole('LONG', 1),
  'flush.ms': whole('LONG', 0),
  'retention.bytes': whole('LONG'),
  'retention.ms': whole('LONG', -1),
  'max.message.bytes': whole('INT', 0),
  'index.interval.bytes': whole('INT', 0),
  'delete.retention.ms': whole('LONG', 0),
  'min.compaction.lag.ms': whole('LONG', 0),
  'max.compaction.lag.ms': whole('LONG', 1),
  'file.delete.delay.ms': whole('LONG', 0),
  'min.cleanable.dirty.ratio': ratio,
  'cleanup.policy': listOf('compact', 'delete'),
  'unclean.leader.election.enable': bool,
  'min.insync.replicas': whole('INT', 1),
  'compression.type': oneOf('uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'),
  'compression.gzip.level': gzipLevel,
  'compression.lz4.level': whole('INT', 1, 17),
  'compression.zstd.level': whole('INT', -131072, 22),
  preallocate: bool,
  'message.timestamp.type': oneOf('CreateTime', 'LogAppendTime'),
  'message.timestamp.before.max.ms': whole('LONG', 0),
  'message.timestamp.after.max.ms': whole('LONG', 0),
  'leader.replication.throttled.replicas': replicaList,
  'follower.replication.throttled.replicas': replicaList,
  'remote.storage.enable': bool,
  'local.retention.ms': whole('LONG', -2),
  'local.retention.bytes': whole('LONG', -2),
  'remote.log.copy.disable': bool,
  'remote.log.delete.on.disable': bool,
  'internal.segment.bytes': whole('INT'),
};

/** The names that --help lists. */
export const CONFIG_NAMES: readonly string[] = Object.keys(CHECKS)
  .filter((name) => !name.startsWith('internal.'))
  .sort();

/** `key=value` words as a map; throws as the Java tool does for what no broker would take. */
export function parseConfigs(words: readonly string[]): Map<string, string> {
  const pairs = words.map((word) => javaSplit(word, /\s*=\s*/));
  if (!pairs.every((pair) => pair.length === 2)) {
    throw new Error(
      'requirement failed: Invalid topic config: all configs to be added must be in the format "key=val".',
    );
  }
  const configs = new Map(pairs.map(([key, value]) => [key!.trim(), value!.trim()]));
  validate(configs);
  return configs;
}

function validate(configs: ReadonlyMap<string, string>): void {
  for (const name of hashOrder([...configs.keys()])) {
    if (!Object.hasOwn(CHECKS, name)) throw new Error(`Unknown topic config name: ${name}`);
  }
  for (const [name, check] of Object.entries(CHECKS)) {
    const value = configs.get(name);
    if (value !== undefined) check(name, value);
  }
  const least = BigInt(configs.get('min.compaction.lag.ms') ?? 0);
  const most = BigInt(configs.get('max.compaction.lag.ms') ?? LONG - 1n);
  if (least > most) {
    throw new Error(`conflict topic config setting min.compaction.lag.ms (${least}) > max.compaction.lag.ms (${most})`);
  }
}

/** java.lang.String.split: empty pieces at the end are dropped, unless nothing was split at all. */
export function javaSplit(text: string, separator: RegExp | string): string[] {
  const pieces = text.split(separator);
  if (pieces.length === 1) return pieces;
  while (pieces.length > 0 && pieces[pieces.length - 1] === '') pieces.pop();
  return pieces;
}
