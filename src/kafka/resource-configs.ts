/** Configs of topics, groups and client-metrics subscriptions, in the order of Kafka 4.4.0's DescribeConfigs response. */
import {
  any,
  atLeast,
  between,
  type ConfigType,
  gzipLevel,
  listOf,
  oneOf,
  shareOffsetReset,
  throttledReplicas,
  type Validator,
} from '../java/config-def.js';

type Row = readonly [
  name: string,
  type: ConfigType,
  byDefault: string | null,
  /** the broker config that provides this config's default */
  setting: string | null,
  check: Validator,
];

// biome-ignore format: one row per config
export const TOPIC_ROWS: readonly Row[] = [
  ['compression.type', 'string', 'producer', 'compression.type', oneOf(['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'])],
  ['errors.deadletterqueue.group.enable', 'boolean', 'false', null, any],
  ['remote.copy.lag.bytes', 'long', '-1', 'log.remote.copy.lag.bytes', atLeast(-1)],
  ['remote.log.delete.on.disable', 'boolean', 'false', null, any],
  ['leader.replication.throttled.replicas', 'list', '', null, throttledReplicas],
  ['remote.storage.enable', 'boolean', 'false', null, any],
  ['min.insync.replicas', 'int', '1', 'min.insync.replicas', atLeast(1)],
  ['segment.jitter.ms', 'long', '0', 'log.roll.jitter.ms', atLeast(0)],
  ['remote.log.copy.disable', 'boolean', 'false', null, any],
  ['local.retention.ms', 'long', '-2', 'log.local.retention.ms', atLeast(-2)],
  ['cleanup.policy', 'list', 'delete', 'log.cleanup.policy', listOf(['compact', 'delete'], true, false)],
  ['flush.ms', 'long', '9223372036854775807', 'log.flush.interval.ms', atLeast(0)],
  ['follower.replication.throttled.replicas', 'list', '', null, throttledReplicas],
  ['compression.lz4.level', 'int', '9', 'compression.lz4.level', between(1, 17)],
  ['segment.bytes', 'int', '1073741824', 'log.segment.bytes', atLeast(1048576)],
  ['retention.ms', 'long', '604800000', 'log.retention.ms', atLeast(-1)],
  ['compression.gzip.level', 'int', '-1', 'compression.gzip.level', gzipLevel],
  ['remote.copy.lag.ms', 'long', '0', 'log.remote.copy.lag.ms', atLeast(-1)],
  ['flush.messages', 'long', '9223372036854775807', 'log.flush.interval.messages', atLeast(1)],
  ['compression.zstd.level', 'int', '3', 'compression.zstd.level', between(-131072, 22)],
  ['max.compaction.lag.ms', 'long', '9223372036854775807', 'log.cleaner.max.compaction.lag.ms', atLeast(1)],
  ['file.delete.delay.ms', 'long', '60000', 'log.segment.delete.delay.ms', atLeast(0)],
  ['max.message.bytes', 'int', '1048588', 'message.max.bytes', atLeast(0)],
  ['min.compaction.lag.ms', 'long', '0', 'log.cleaner.min.compaction.lag.ms', atLeast(0)],
  ['message.timestamp.type', 'string', 'CreateTime', 'log.message.timestamp.type', oneOf(['CreateTime', 'LogAppendTime'])],
  ['local.retention.bytes', 'long', '-2', 'log.local.retention.bytes', atLeast(-2)],
  ['preallocate', 'boolean', 'false', 'log.preallocate', any],
  ['index.interval.bytes', 'int', '4096', 'log.index.interval.bytes', atLeast(0)],
  ['min.cleanable.dirty.ratio', 'double', '0.5', 'log.cleaner.min.cleanable.ratio', between(0, 1)],
  ['unclean.leader.election.enable', 'boolean', 'false', 'unclean.leader.election.enable', any],
  ['retention.bytes', 'long', '-1', 'log.retention.bytes', any],
  ['delete.retention.ms', 'long', '86400000', 'log.cleaner.delete.retention.ms', atLeast(0)],
  ['message.timestamp.after.max.ms', 'long', '3600000', 'log.message.timestamp.after.max.ms', atLeast(0)],
  ['max.decompressed.message.bytes', 'int', '2147483639', 'max.decompressed.message.bytes', between(1, 2147483639)],
  ['message.timestamp.before.max.ms', 'long', '9223372036854775807', 'log.message.timestamp.before.max.ms', atLeast(0)],
  ['segment.ms', 'long', '604800000', 'log.roll.ms', atLeast(1)],
  ['segment.index.bytes', 'int', '10485760', 'log.index.size.max.bytes', atLeast(4)],
  ['internal.segment.bytes', 'int', null, null, any],
];

// biome-ignore format: one row per config
export const GROUP_ROWS: readonly Row[] = [
  ['consumer.session.timeout.ms', 'int', '45000', 'group.consumer.session.timeout.ms', atLeast(1)],
  ['consumer.assignment.interval.ms', 'int', '1000', 'group.consumer.assignment.interval.ms', atLeast(0)],
  ['share.auto.offset.reset', 'string', 'latest', null, shareOffsetReset],
  ['share.renew.acknowledge.enable', 'boolean', 'true', null, any],
  ['streams.initial.rebalance.delay.ms', 'int', '3000', 'group.streams.initial.rebalance.delay.ms', atLeast(0)],
  ['share.session.timeout.ms', 'int', '45000', 'group.share.session.timeout.ms', atLeast(1)],
  ['streams.assignment.interval.ms', 'int', '1000', 'group.streams.assignment.interval.ms', atLeast(0)],
  ['share.heartbeat.interval.ms', 'int', '5000', 'group.share.heartbeat.interval.ms', atLeast(1)],
  ['streams.heartbeat.interval.ms', 'int', '5000', 'group.streams.heartbeat.interval.ms', atLeast(1)],
  ['share.delivery.count.limit', 'int', '5', 'group.share.delivery.count.limit', atLeast(2)],
  ['consumer.heartbeat.interval.ms', 'int', '5000', 'group.consumer.heartbeat.interval.ms', atLeast(1)],
  ['share.record.lock.duration.ms', 'int', '30000', 'group.share.record.lock.duration.ms', atLeast(1000)],
  ['share.assignment.interval.ms', 'int', '1000', 'group.share.assignment.interval.ms', atLeast(0)],
  ['share.isolation.level', 'string', 'read_uncommitted', null, oneOf(['read_committed', 'read_uncommitted'])],
  ['streams.session.timeout.ms', 'int', '45000', 'group.streams.session.timeout.ms', atLeast(1)],
  ['share.partition.max.record.locks', 'int', '2000', 'group.share.partition.max.record.locks', atLeast(100)],
  ['streams.num.standby.replicas', 'int', '0', 'group.streams.num.standby.replicas', atLeast(0)],
];

// biome-ignore format: one row per config
export const CLIENT_METRICS_ROWS: readonly Row[] = [
  ['interval.ms', 'int', '300000', null, any],
  ['match', 'list', '', null, listOf([], true, false)],
  ['metrics', 'list', '', null, listOf([], true, false)],
];
