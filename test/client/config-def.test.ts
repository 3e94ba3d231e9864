import { describe, expect, test } from 'vitest';
import { consumerConfig } from '../../src/client/consumer/config.js';
import { producerConfig } from '../../src/client/producer/config.js';

const settings = (text: string) => new Map(text.split(' ').map((pair) => pair.split('=', 2) as [string, string]));

// messages of Apache Kafka 4.3.1's clients
describe('invalid settings are rejected with Java’s messages, also those without an effect', () => {
  const invalid = (key: string, value: string, why: string) =>
    `Invalid value ${value} for configuration ${key}: ${why}`;
  test.each([
    ['send.buffer.bytes', '-2', 'Value must be at least -1'],
    ['metadata.max.idle.ms', '1', 'Value must be at least 5000'],
    ['connections.max.idle.ms', 'abc', 'Not a number of type LONG'],
    ['linger.ms', '9223372036854775808', 'Not a number of type LONG'],
    ['batch.size', '2147483648', 'Not a number of type INT'],
    ['metrics.recording.level', 'LOUD', 'String must be one of: INFO, DEBUG, TRACE'],
    ['metadata.recovery.strategy', 'foo', 'String must be one of (case insensitive): REBOOTSTRAP, NONE'],
    ['enable.metrics.push', 'x', 'Expected value to be either true or false'],
    ['compression.gzip.level', '0', 'Value must be between 1 and 9 or equal to -1'],
    ['compression.lz4.level', '18', 'Value must be no more than 17'],
    ['transactional.id', '', 'String must be non-empty'],
  ])('producer %s=%s', (key, value, why) => {
    expect(() => producerConfig(settings(`${key}=${value}`))).toThrow(invalid(key, value, why));
  });
  test.each([
    ['group.protocol', 'bad', 'String must be one of (case insensitive): CONSUMER, CLASSIC'],
    ['max.poll.records', '0', 'Value must be at least 1'],
    ['group.instance.id', '', 'String must be non-empty'],
    ['isolation.level', 'READ_COMMITTED', 'String must be one of: read_committed, read_uncommitted'],
  ])('consumer %s=%s', (key, value, why) => {
    expect(() => consumerConfig(settings(`${key}=${value}`))).toThrow(invalid(key, value, why));
  });
  test.each([
    ['group.remote.assignor=range', 'group.remote.assignor cannot be set when group.protocol=CLASSIC'],
    ['heartbeat.interval.ms=50000', 'Heartbeat must be set lower than the session timeout'],
    ['group.id= ', 'The configured group.id should not be an empty string or whitespace.'],
    ['group.instance.id=a,b', "Group instance id is invalid: 'a,b' contains one or more characters other than"],
    ['partition.assignment.strategy=', 'Must configure at least one partition assigner class name'],
  ])('consumer %s', (text, why) => {
    const [key = '', value = ''] = text.split('=');
    expect(() => consumerConfig(new Map([[key, value]]))).toThrow(why);
  });
  test('a property with an empty name is ignored', () => {
    expect(() => producerConfig(new Map([['', 'v']]))).not.toThrow();
  });
});

describe('times', () => {
  test('longer than a timer supports are capped to its maximum', () => {
    const config = producerConfig(settings('linger.ms=99999999999 max.block.ms=9223372036854775807'));
    expect([config.lingerMs, config.maxBlockMs]).toEqual([2147483647, 2147483647]);
  });
  test('a backoff above its maximum is capped to the maximum', () => {
    expect(producerConfig(settings('retry.backoff.ms=99999999999')).retryBackoffMs).toBe(1000);
  });
  test('delivery.timeout.ms is checked against the defaults of the Java tool, and bounds a request', () => {
    expect(producerConfig(settings('delivery.timeout.ms=2500'))).toMatchObject({
      deliveryTimeoutMs: 2500,
      requestTimeoutMs: 2500,
    });
    expect(() => producerConfig(settings('delivery.timeout.ms=2499'))).toThrow(
      'delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms',
    );
  });
});

// these classes do not exist in Java either
describe('unknown classes prevent the creation of a client', () => {
  const cannot = 'Class com.example.Nope cannot be found';
  test.each(['metric.reporters', 'interceptor.classes'])('%s', (key) => {
    const names = 'com.example.Nope';
    expect(() => producerConfig(settings(`${key}=${names}`))).toThrow(cannot);
    expect(() => consumerConfig(settings(`${key}=${names}`))).toThrow(cannot);
    expect(() => consumerConfig(settings(`${key}=`))).not.toThrow();
  });
  test('Kafka’s own metrics reporter is accepted', () => {
    const own = 'org.apache.kafka.common.metrics.JmxReporter';
    expect(() => consumerConfig(settings(`metric.reporters=${own}`))).not.toThrow();
    expect(() => consumerConfig(settings(`metric.reporters=${own},com.example.Nope`))).toThrow(cannot);
  });
});
