/** DescribeConfigs, AlterConfigs and IncrementalAlterConfigs over the wire. Messages, order and sources are those of Kafka 4.3.1. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTopics } from '../../../src/protocol/apis/19-create-topics.js';
import { describeConfigs } from '../../../src/protocol/apis/32-describe-configs.js';
import { alterConfigs } from '../../../src/protocol/apis/33-alter-configs.js';
import { incrementalAlterConfigs } from '../../../src/protocol/apis/44-incremental-alter-configs.js';
import type { Api, RequestInput, ResponseOf } from '../../../src/protocol/wire/schema.js';
import { type BrokerProcess, startBroker, tempDir } from '../../support/process.js';
import { Wire } from '../wire.js';

const temp = tempDir();
let broker: BrokerProcess;
beforeAll(async () => {
  broker = await startBroker({ dir: join(temp.path, 'd'), overrides: ['log.retention.hours=2', 'num.io.threads=4'] });
  const topic = {
    name: 't',
    numPartitions: 1,
    replicationFactor: 1,
    assignments: [],
    configs: [{ name: 'retention.ms', value: '1000' }],
  };
  await ask(createTopics, 5, { topics: [topic], timeoutMs: 1000, validateOnly: false });
});
afterAll(async () => {
  await broker.remove();
  temp.remove();
});

async function ask<A extends Api<any, any>>(api: A, version: number, body: RequestInput<A>): Promise<ResponseOf<A>> {
  const wire = await Wire.open(broker.port);
  try {
    return await wire.ask(api, version, body);
  } finally {
    wire.close();
  }
}

const TOPIC = 2;
const BROKER = 4;
async function described(resourceType: number, resourceName: string, keys: string[] | null = null) {
  const { results } = await ask(describeConfigs, 4, {
    resources: [{ resourceType, resourceName, configurationKeys: keys }],
    includeSynonyms: true,
    includeDocumentation: false,
  });
  return results[0] as NonNullable<(typeof results)[0]>;
}
const one = async (type: number, name: string, key: string) => (await described(type, name, [key])).configs[0];
const [SET, DELETE, APPEND, SUBTRACT] = [0, 1, 2, 3];

async function alter(
  resourceType: number,
  resourceName: string,
  changes: [string, number, string | null][],
  validateOnly = false,
) {
  const configs = changes.map(([name, configOperation, value]) => ({ name, configOperation, value }));
  const { responses } = await ask(incrementalAlterConfigs, 1, {
    resources: [{ resourceType, resourceName, configs }],
    validateOnly,
  });
  return [responses[0]?.errorCode, responses[0]?.errorMessage];
}

describe('DescribeConfigs', () => {
  test('returns a topic’s configs in Kafka’s order, with type, source and synonyms', async () => {
    const { configs } = await described(TOPIC, 't');
    expect(configs.slice(0, 5).map((c) => c.name)).toEqual([
      'compression.type',
      'errors.deadletterqueue.group.enable',
      'remote.copy.lag.bytes',
      'remote.log.delete.on.disable',
      'leader.replication.throttled.replicas',
    ]);
    expect(configs).toHaveLength(37);
    expect(configs.find((c) => c.name === 'retention.ms')).toMatchObject({
      value: '1000',
      configSource: 1,
      configType: 5,
      readOnly: false,
      synonyms: [
        { name: 'retention.ms', value: '1000', source: 1 },
        // log.retention.hours is set, but as a synonym it has a lower priority than log.retention.ms
      ],
    });
    expect(configs.find((c) => c.name === 'min.insync.replicas')?.synonyms).toEqual([
      { name: 'min.insync.replicas', value: '1', source: 3 },
      { name: 'min.insync.replicas', value: '1', source: 5 },
    ]);
  });

  test('returns a broker’s configs; values of sensitive and unknown ones are hidden', async () => {
    const { configs } = await described(BROKER, '1');
    expect(configs.find((c) => c.name === 'num.io.threads')).toMatchObject({
      value: '4',
      configSource: 4,
      configType: 3,
      readOnly: false,
    });
    expect(configs.find((c) => c.name === 'log.dirs')).toMatchObject({ readOnly: true, configSource: 4 });
    expect(configs.find((c) => c.name === 'ssl.keystore.password')).toMatchObject({ value: null, isSensitive: true });
    expect(configs.some((c) => c.name === 'internal.metadata.log.segment.bytes')).toBe(false);
  });

  test.each([
    [TOPIC, 'nope', 3, ''],
    [
      TOPIC,
      'a/b',
      17,
      "Topic name is invalid: 'a/b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'",
    ],
    [BROKER, '7', 42, 'Unexpected broker id, expected 1 or empty string, but received 7'],
    [BROKER, 'x', 42, 'Broker id must be an integer, but it is: x'],
    [32, '', 42, 'Group name must not be empty'],
  ])('type %i, "%s" is refused in Kafka’s words', async (type, name, code, words) => {
    expect(await described(type as number, name as string)).toMatchObject({
      errorCode: code,
      errorMessage: words,
      configs: [],
    });
  });
});

describe('IncrementalAlterConfigs', () => {
  test('sets, appends, subtracts and deletes', async () => {
    expect(
      await alter(TOPIC, 't', [
        ['retention.ms', SET, '5'],
        ['cleanup.policy', APPEND, 'compact'],
      ]),
    ).toEqual([0, null]);
    expect((await one(TOPIC, 't', 'cleanup.policy'))?.value).toBe('delete,compact');
    expect((await one(TOPIC, 't', 'retention.ms'))?.value).toBe('5');
    expect(
      await alter(TOPIC, 't', [
        ['retention.ms', DELETE, null],
        ['cleanup.policy', SUBTRACT, 'delete'],
      ]),
    ).toEqual([0, null]);
    expect((await one(TOPIC, 't', 'cleanup.policy'))?.value).toBe('compact');
    expect(await one(TOPIC, 't', 'retention.ms')).toMatchObject({ value: '7200000', configSource: 5 });
  });

  test('validateOnly changes nothing', async () => {
    expect(await alter(TOPIC, 't', [['segment.bytes', SET, '2000000']], true)).toEqual([0, null]);
    expect((await one(TOPIC, 't', 'segment.bytes'))?.value).toBe('1073741824');
    expect(await alter(TOPIC, 't', [['segment.bytes', SET, 'x']], true)).toEqual([
      40,
      'Invalid value x for configuration segment.bytes: Not a number of type INT',
    ]);
  });

  test.each([
    [TOPIC, 't', [['foo', SET, '1']], 40, 'Unknown topic config name: foo'],
    [TOPIC, 't', [['retention.ms', APPEND, '1']], 40, "Can't APPEND to key retention.ms because its type is not LIST."],
    [TOPIC, 't', [['retention.ms', SET, null]], 42, 'Null value not supported for : retention.ms'],
    [
      TOPIC,
      't',
      [
        ['a', SET, '1'],
        ['a', SET, '2'],
      ],
      42,
      'Error due to duplicate config keys',
    ],
    [TOPIC, 'nope', [['retention.ms', SET, '1']], 3, "The topic 'nope' does not exist."],
    [BROKER, '1', [['log.dirs', SET, '/x']], 42, 'Cannot update these configs dynamically: [log.dirs]'],
    [BROKER, '2', [['num.io.threads', SET, '5']], 42, 'Unexpected broker id, expected 1, but received 2'],
    [
      BROKER,
      '',
      [['ssl.keystore.location', SET, '/x']],
      42,
      'These security configs can be dynamically updated only per-listener using the listener prefix: [ssl.keystore.location]',
    ],
    [
      BROKER,
      '',
      [['listeners', SET, 'PLAINTEXT://:1']],
      42,
      'Cannot update these configs at default cluster level, broker id must be specified: [listeners]',
    ],
    [
      BROKER,
      '',
      [['min.insync.replicas', DELETE, null]],
      40,
      'Cluster-level min.insync.replicas cannot be removed while ELR is enabled.',
    ],
    [BROKER, '1', [['num.io.threads', SET, '64']], 42, 'Invalid dynamic configuration'],
    [16, 's', [['bar', SET, '1']], 42, 'Unknown client metrics configuration: bar'],
    [
      32,
      'g',
      [['consumer.session.timeout.ms', SET, '1']],
      40,
      'consumer.session.timeout.ms must be greater than or equal to group.consumer.min.session.timeout.ms',
    ],
  ])('type %i "%s" %j is refused in Kafka’s words', async (type, name, changes, code, words) => {
    expect(await alter(type as number, name as string, changes as [string, number, string | null][])).toEqual([
      code,
      words,
    ]);
  });

  test('a dynamic broker config overrides the file, takes effect at once, and survives a restart', async () => {
    expect(await alter(BROKER, '', [['log.retention.ms', SET, '9000']])).toEqual([0, null]);
    expect(await one(TOPIC, 't', 'retention.ms')).toMatchObject({ value: '9000', configSource: 3 });
    await broker.stop('SIGKILL');
    broker = await startBroker({ dir: broker.dir });
    expect(await one(TOPIC, 't', 'retention.ms')).toMatchObject({ value: '9000', configSource: 3 });
    expect((await one(TOPIC, 't', 'cleanup.policy'))?.value).toBe('compact');
  });
});

test('AlterConfigs replaces all dynamic configs', async () => {
  const configs = [{ name: 'max.message.bytes', value: '100' }];
  const { responses } = await ask(alterConfigs, 2, {
    resources: [{ resourceType: TOPIC, resourceName: 't', configs }],
    validateOnly: false,
  });
  expect(responses[0]).toMatchObject({ errorCode: 0, errorMessage: null });
  expect((await one(TOPIC, 't', 'max.message.bytes'))?.value).toBe('100');
  expect((await one(TOPIC, 't', 'cleanup.policy'))?.value).toBe('delete');
});
