import { describe, expect, test } from 'vitest';
import { BrokerConfig, checkTopicConfigs, topicLogConfig } from '../../../src/broker/config/index.js';

const config = (properties: Record<string, string> = {}) => new BrokerConfig(Object.entries(properties));
const topic = (overrides: Record<string, string>, broker = config()) =>
  checkTopicConfigs(new Map(Object.entries(overrides)), broker);

describe('broker settings', () => {
  test('are typed, and default to Kafka’s defaults', () => {
    expect(config().setting('num.partitions')).toBe(1);
    expect(config().setting('auto.create.topics.enable')).toBe(true);
    expect(config().setting('log.retention.ms')).toBe(604800000);
    expect(config().setting('offsets.topic.num.partitions')).toBe(50);
    expect(config().setting('log.cleaner.min.cleanable.ratio')).toBe(0.5);
  });

  test.each([
    [{ 'log.retention.hours': '1' }, 3600000],
    [{ 'log.retention.hours': '1', 'log.retention.minutes': '2' }, 120000],
    [{ 'log.retention.hours': '1', 'log.retention.ms': '3' }, 3],
    [{ 'log.retention.minutes': '-1' }, -1],
  ])('%o keep logs for %i ms', (properties, ms) => {
    expect(config(properties as Record<string, string>).setting('log.retention.ms')).toBe(ms);
    expect(topicLogConfig(new Map(), config(properties as Record<string, string>)).retentionMs).toBe(ms);
  });

  test('dynamic configs take precedence, per-broker ones over cluster-wide ones', () => {
    const c = config({ 'log.retention.hours': '5' });
    c.setDynamic(new Map(), new Map([['log.retention.ms', '7']]));
    expect(c.setting('log.retention.ms')).toBe(7);
    c.setDynamic(new Map([['log.retention.ms', '8']]), new Map([['log.retention.ms', '7']]));
    expect(c.setting('log.retention.ms')).toBe(8);
    expect(c.synonyms('log.retention.ms').map((s) => [s.name, s.value, s.source])).toEqual([
      ['log.retention.ms', '8', 2],
      ['log.retention.ms', '7', 3],
      ['log.retention.hours', '5', 4],
      ['log.retention.hours', '168', 5],
    ]);
  });

  test('broker.id and node.id are synonyms', () => {
    expect(config({ 'broker.id': '4' }).setting('node.id')).toBe(4);
    expect(config({ 'node.id': '5' }).setting('broker.id')).toBe(5);
    expect(() => config({ 'node.id': '5', 'broker.id': '4' })).toThrow('You must set `node.id` to the same value');
  });

  test.each([
    [{ 'num.partitions': 'x' }, 'Invalid value x for configuration num.partitions: Not a number of type INT'],
    [{ 'num.partitions': '0' }, 'Invalid value 0 for configuration num.partitions: Value must be at least 1'],
    [
      { 'auto.create.topics.enable': 'yes' },
      'Invalid value yes for configuration auto.create.topics.enable: Expected value to be either true or false',
    ],
    [
      { 'log.cleanup.policy': 'shred' },
      'Invalid value shred for configuration log.cleanup.policy: String must be one of: compact, delete',
    ],
  ])('%o is refused in Kafka’s words', (properties, words) => {
    expect(() => config(properties as Record<string, string>)).toThrow(words);
  });
});

describe('topic configs', () => {
  test.each([
    [{ foo: '1' }, 'Unknown topic config name: foo'],
    [{ 'retention.ms': 'abc' }, 'Invalid value abc for configuration retention.ms: Not a number of type LONG'],
    [
      { 'retention.ms': '9223372036854775808' },
      'Invalid value 9223372036854775808 for configuration retention.ms: Not a number of type LONG',
    ],
    [{ 'retention.ms': '-2' }, 'Invalid value -2 for configuration retention.ms: Value must be at least -1'],
    [
      { 'min.cleanable.dirty.ratio': '1.5' },
      'Invalid value 1.5 for configuration min.cleanable.dirty.ratio: Value must be no more than 1',
    ],
    [
      { 'min.compaction.lag.ms': '10', 'max.compaction.lag.ms': '5' },
      'conflict topic config setting min.compaction.lag.ms (10) > max.compaction.lag.ms (5)',
    ],
    [{ 'cleanup.policy': 'compact,' }, "Configuration 'cleanup.policy' values must not be empty."],
  ])('%o is refused in Kafka’s words', (overrides, words) => {
    expect(() => topic(overrides as Record<string, string>)).toThrow(words);
  });

  test('inherit the broker’s defaults', () => {
    const broker = config({ 'log.cleanup.policy': 'compact,delete', 'log.roll.hours': '1', 'message.max.bytes': '99' });
    const log = topicLogConfig(new Map([['segment.bytes', '1048576']]), broker);
    expect(log).toMatchObject({
      cleanupPolicy: ['compact', 'delete'],
      segmentMs: 3600000,
      maxMessageBytes: 99,
      segmentBytes: 1048576,
      compressionType: 'producer',
    });
  });
});
