/**
 * Compares the protocol table with an independent codec: for every API and version that both support, kafkajs's encoder
 * must produce our bytes, and its decoder must read our values from our bytes.
 */
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { Reader, Writer } from '../../src/protocol/wire/buffer.js';
import { requestCodec, responseCodec } from '../../src/protocol/wire/codec.js';
import { type Api, type Fields, holds, type Schema } from '../../src/protocol/wire/schema.js';
import { allApis, random, sample } from './samples.js';

const require = createRequire(import.meta.url);
interface KafkajsApi {
  versions: number[];
  protocol(options: { version: number }): (args: any) => {
    request: { encode(): Promise<{ buffer: Buffer }> };
    response: { decode(raw: Buffer): Promise<unknown> };
  };
}
const requests = load();

function load(): Record<string, KafkajsApi> {
  const names: Record<string, string> = require('kafkajs/src/protocol/requests/apiKeys');
  const folder = (name: string): string =>
    name === 'GroupCoordinator' ? 'findCoordinator' : name[0]!.toLowerCase() + name.slice(1);
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, key]) => {
      try {
        return [[key, require(`kafkajs/src/protocol/requests/${folder(name)}`)]];
      } catch {
        return [];
      }
    }),
  );
}

/** Adds kafkajs's field names next to ours. */
const ALIASES: Record<string, readonly string[]> = {
  name: ['topic'],
  partitionIndex: ['partition'],
  timeoutMs: ['timeout'],
  timestamp: ['timestamp'],
  generationId: ['groupGenerationId'],
  committedOffset: ['offset'],
  committedMetadata: ['metadata'],
  generationIdOrMemberEpoch: ['groupGenerationId'],
  sessionTimeoutMs: ['sessionTimeout'],
  rebalanceTimeoutMs: ['rebalanceTimeout'],
  protocols: ['groupProtocols'],
  assignments: ['groupAssignment', 'replicaAssignment'],
  assignment: ['memberAssignment'],
  resourceType: ['type'],
  resourceName: ['name'],
  configs: ['configEntries'],
  configurationKeys: ['configNames'],
  key: ['coordinatorKey', 'groupId'],
  keyType: ['coordinatorType'],
  maxWaitMs: ['maxWaitTime'],
  forgottenTopicsData: ['forgottenTopics'],
  partitionMaxBytes: ['maxBytes'],
  transactionTimeoutMs: ['transactionTimeout'],
  committed: ['transactionResult'],
  groups: ['groupIds'],
  topicNames: ['topics'],
  retentionTimeMs: ['retentionTime'],
  brokerIds: ['replicas'],
  v3AndBelowTransactionalId: ['transactionalId'],
  v3AndBelowProducerId: ['producerId'],
  v3AndBelowProducerEpoch: ['producerEpoch'],
  v3AndBelowTopics: ['topics'],
  resourceTypeFilter: ['resourceType'],
  resourceNameFilter: ['resourceName'],
  patternTypeFilter: ['resourcePatternType'],
  principalFilter: ['principal'],
  hostFilter: ['host'],
};
function aliased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(aliased);
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return value;
  const out: Record<string, unknown> = {};
  for (const [name, v] of Object.entries(value)) {
    out[name] = aliased(v);
    for (const alias of ALIASES[name] ?? []) out[alias] = out[name];
  }
  return out;
}
/** Conversions for requests whose kafkajs arguments have a different shape. */
const SHAPES: Record<string, (args: any) => unknown> = {
  Metadata: (a) => ({ ...a, topics: a.topics.map((t: any) => t.name) }),
  DeleteGroups: (a) => a.groupsNames,
  CreatePartitions: (a) => ({
    ...a,
    topicPartitions: a.topics.map((t: any) => ({ ...t, assignments: t.assignments.map((x: any) => x.brokerIds) })),
  }),
  CreateTopics: (a) => ({
    ...a,
    topics: a.topics.map((t: any) => ({ ...t, replicaAssignment: t.replicaAssignment })),
  }),
  OffsetFetch: (a) => ({
    ...a,
    topics: a.topics.map((t: any) => ({
      ...t,
      partitions: t.partitionIndexes.map((partition: number) => ({ partition })),
    })),
  }),
  ListPartitionReassignments: (a) => ({
    ...a,
    topics: a.topics.map((t: any) => ({ ...t, partitions: t.partitionIndexes })),
  }),
  LeaveGroup: (a) => ({ ...a, ...a.members[0] }),
  // its callers write the length prefix themselves
  SaslAuthenticate: (a) => ({ ...a, authBytes: lengthFirst(a.authBytes) }),
  AlterPartitionReassignments: (a) => ({
    ...a,
    topics: a.topics.map((t: any) => ({ ...t, partitionAssignment: t.partitions })),
  }),
};

const lengthFirst = (bytes: Buffer): Buffer => {
  const out = Buffer.alloc(4 + bytes.length);
  out.writeInt32BE(bytes.length);
  bytes.copy(out, 4);
  return out;
};
/** Its two flexible APIs treat the header's (empty) tagged fields as the body's first byte. */
const headerTags = (api: Api, version: number): Buffer => Buffer.alloc(version >= api.flexible ? 1 : 0);

const encodeOurs = (c: { encode(value: any, w: Writer): void }, value: unknown): Buffer => {
  const w = new Writer();
  c.encode(value, w);
  return w.toBuffer();
};

const shared = allApis.flatMap((api) =>
  (requests[api.key]?.versions ?? [])
    .map(Number)
    .filter((version) => version >= api.versions[0] && version <= api.versions[1])
    .map((version) => ({ title: `${api.name} v${version}`, api, version })),
);

describe('kafkajs encodes our bytes', () => {
  test('there are more than 70 common versions', () => expect(shared.length).toBeGreaterThan(70));
  // its Produce encoder builds the batches itself, so these are decoded with our record reader instead
  test.each(shared.filter((s) => s.api.name !== 'Produce'))('$title', async ({ api, version }) => {
    const body: any = sample(api.request, version, 'full', random(version + 11));
    if (api.name === 'LeaveGroup' && version >= 3) body.members.length = 1; // kafkajs sends only one member
    const args = (SHAPES[api.name] ?? ((a) => a))(aliased(body));
    const { request } = requests[api.key]!.protocol({ version })(args);
    const theirs = (await request.encode()).buffer;
    const ours = Buffer.concat([headerTags(api, version), encodeOurs(requestCodec(api, version), body)]);
    expect(theirs.toString('hex')).toBe(ours.toString('hex'));
  });

  test.each(shared.filter((s) => s.api.name === 'Produce'))('$title, read back', async ({ api, version }) => {
    const topicData = [
      {
        topic: 't',
        partitions: [{ partition: 3, firstSequence: 0, messages: [{ key: 'k', value: 'v', timestamp: 7 }] }],
      },
    ];
    const { request } = requests[api.key]!.protocol({ version })({
      acks: -1,
      timeout: 5,
      transactionalId: 'x',
      producerId: 4,
      producerEpoch: 1,
      topicData,
    });
    const bytes = (await request.encode()).buffer;
    const body = requestCodec(api as Api<any, any>, version).decode(new Reader(bytes)) as any;
    expect(body).toMatchObject({ acks: -1, timeoutMs: 5, transactionalId: 'x' });
    expect(body.topicData).toMatchObject([{ name: 't', partitionData: [{ index: 3 }] }]);
    expect(encodeOurs(requestCodec(api, version), body)).toEqual(bytes);
  });
});

/** The scalar values encoded in a version, as text. */
function leaves(fields: Fields, version: number, value: any): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (name === 'throttleTimeMs' || ('versions' in field && !holds(field.versions, version))) return [];
    return leavesOf('kind' in field ? field : field.type, version, value[name]);
  });
}
function leavesOf(type: Schema, version: number, value: any): string[] {
  if (type.kind === 'array') return value.flatMap((v: unknown) => leavesOf(type.item as Schema, version, v));
  if (type.kind === 'struct') return leaves(type.fields as Fields, version, value);
  return [scalar(value)];
}
const scalar = (value: unknown): string => (Buffer.isBuffer(value) ? value.toString('hex') : String(value));
function everyScalar(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(everyScalar);
  if (value !== null && typeof value === 'object' && !Buffer.isBuffer(value)) {
    // kafkajs returns some bytes fields as { type: 'Buffer', data: [...] }
    if ((value as any).type === 'Buffer') return [scalar(Buffer.from((value as any).data))];
    return Object.values(value).flatMap(everyScalar);
  }
  return [scalar(value)];
}

/** APIs whose error messages kafkajs's decoder drops. */
const DROPS_MESSAGES = /^(Alter|List)PartitionReassignments$/;
function withoutMessages(value: any): void {
  if (value === null || typeof value !== 'object') return;
  if ('errorMessage' in value) value.errorMessage = null;
  for (const v of Object.values(value)) withoutMessages(v);
}

describe('kafkajs reads our bytes', () => {
  // its Fetch decoder parses the batches, but these samples are not valid batches
  test.each(shared.filter((s) => s.api.name !== 'Fetch'))('$title', async ({ api, version }) => {
    const value = sample(api.response, version, 'full', random(version + 5));
    if (DROPS_MESSAGES.test(api.name)) withoutMessages(value);
    const bytes = encodeOurs(responseCodec(api, version), value);
    const args = (SHAPES[api.name] ?? ((a) => a))(aliased(sample(api.request, version, 'full', random(1))));
    const { response } = requests[api.key]!.protocol({ version })(args);
    const theirs = everyScalar(await response.decode(Buffer.concat([headerTags(api, version), bytes])));
    if (api.name === 'SaslAuthenticate') value.authBytes = lengthFirst(value.authBytes as Buffer);
    expect(theirs).toEqual(
      expect.arrayContaining(leaves(api.response, version, value).filter((leaf) => leaf !== 'null')),
    );
  });
});
