/** Validates topic configs before a request is sent, as the Java tool does. Mirrors LogConfig.validate and ConfigDef. */
import { ConfigError, type ConfigKey, parseConfig } from '../../java/config-def.js';
import { hashOrder } from '../../java/hash-order.js';
import { TOPIC_ROWS } from '../../kafka/resource-configs.js';

const LONG_MAX = 2n ** 63n - 1n;

/** All topic configs, in the order in which Java validates them: it stops at the first invalid one. */
const ORDER = `
  segment.bytes segment.ms segment.jitter.ms segment.index.bytes flush.messages flush.ms retention.bytes
  retention.ms max.message.bytes index.interval.bytes delete.retention.ms min.compaction.lag.ms
  max.compaction.lag.ms file.delete.delay.ms min.cleanable.dirty.ratio cleanup.policy unclean.leader.election.enable
  min.insync.replicas compression.type compression.gzip.level compression.lz4.level compression.zstd.level
  preallocate message.timestamp.type message.timestamp.before.max.ms message.timestamp.after.max.ms
  leader.replication.throttled.replicas follower.replication.throttled.replicas remote.storage.enable
  local.retention.ms local.retention.bytes remote.log.copy.disable remote.log.delete.on.disable
  errors.deadletterqueue.group.enable max.decompressed.message.bytes remote.copy.lag.ms remote.copy.lag.bytes
  internal.segment.bytes`
  .trim()
  .split(/\s+/);

const KEYS = new Map(
  TOPIC_ROWS.map(([name, type, byDefault, , check]) => [name, { name, type, default: byDefault, check }]),
);

/** The names that --help lists. */
export const CONFIG_NAMES: readonly string[] = ORDER.filter((name) => !name.startsWith('internal.')).sort();

/** Parses `key=value` words. Throws the Java tool's errors for unknown or invalid configs. */
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

/** A value that is refused here is an error of the command's, where a ConfigError would say that no client can be made. */
function check(key: ConfigKey, value: string): void {
  try {
    parseConfig(key, value);
  } catch (error) {
    throw error instanceof ConfigError ? new Error(error.message) : error;
  }
}

function validate(configs: ReadonlyMap<string, string>): void {
  for (const name of hashOrder([...configs.keys()])) {
    if (!KEYS.has(name)) throw new Error(`Unknown topic config name: ${name}`);
  }
  for (const name of ORDER) {
    const key = KEYS.get(name);
    const value = configs.get(name);
    if (key !== undefined && value !== undefined) check(key, value);
  }
  const least = BigInt(configs.get('min.compaction.lag.ms') ?? 0);
  const most = BigInt(configs.get('max.compaction.lag.ms') ?? LONG_MAX);
  if (least > most) {
    throw new Error(`conflict topic config setting min.compaction.lag.ms (${least}) > max.compaction.lag.ms (${most})`);
  }
}

/** Mirrors java.lang.String.split: trailing empty strings are dropped, unless the separator does not occur. */
export function javaSplit(text: string, separator: RegExp | string): string[] {
  const pieces = text.split(separator);
  if (pieces.length === 1) return pieces;
  while (pieces.length > 0 && pieces[pieces.length - 1] === '') pieces.pop();
  return pieces;
}
