/** Two brokers with the same users, permissions, topics and groups: Apache Kafka's and the embedded one. */
import { join } from 'node:path';
import { freePort } from '../../../scripts/lib/free-port.mjs';
import * as of from '../../../src/protocol/apis/index.js';
import { Errors } from '../../../src/protocol/errors.js';
import type { AnyApi, RequestInput, ResponseOf } from '../../../src/protocol/wire/schema.js';
import { Wire } from '../../broker/wire.js';
import { run, startBroker, tempDir } from '../../support/process.js';
import { MISSING_ID, RIGHTS, SUBSCRIBER, TOPICS, USERS, type World } from './world.js';

export interface Peer {
  /** without authentication; everything is allowed there */
  readonly open: number;
  /** SASL PLAIN */
  readonly secured: number;
  stop(): Promise<void>;
}

const SECRET = 'secret';
const module = 'org.apache.kafka.common.security.plain.PlainLoginModule';
const users = [...USERS.map(({ name }) => name), SUBSCRIBER].map((name) => `user_${name}="${SECRET}"`).join(' ');
const settings = (open: number, secured: number, ...others: string[]) => [
  `listeners=${[`PLAINTEXT://127.0.0.1:${open}`, `SASL_PLAINTEXT://127.0.0.1:${secured}`, ...others].join(',')}`,
  'sasl.enabled.mechanisms=PLAIN',
  `listener.name.sasl_plaintext.plain.sasl.jaas.config=${module} required ${users};`,
  'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users=User:ANONYMOUS',
];

/** Apache Kafka in the version that the tests compare with. */
export async function apacheKafka(version = '4.4.0'): Promise<Peer> {
  process.env.APACHE_KAFKA_VERSION = version;
  const { path, remove } = tempDir();
  const script = join('scripts', 'apache-kafka.sh');
  const [open, secured] = [await freePort(), await freePort()];
  const protocols = 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT';
  const started = await run(
    'bash',
    [
      script,
      'up',
      `${open}`,
      path,
      ...settings(open, secured, `CONTROLLER://localhost:${open + 1}`),
      `advertised.listeners=PLAINTEXT://127.0.0.1:${open},SASL_PLAINTEXT://127.0.0.1:${secured}`,
      `listener.security.protocol.map=${protocols}`,
    ],
    '',
    110_000,
  );
  if (started.code !== 0) throw new Error(`Apache Kafka did not start: ${started.stderr}`);
  const stop = async (): Promise<void> => {
    await run('bash', [script, 'down', path]);
    remove();
  };
  return { open, secured, stop };
}

export async function embedded(more: readonly string[] = []): Promise<Peer> {
  const broker = await startBroker({ overrides: [...settings(0, 0), ...more] });
  const [open, secured] = broker.addresses.map((address) => Number(address.split(':').at(-1)));
  return { open: open as number, secured: secured as number, stop: () => broker.remove() };
}

/** A connection authenticated as a user; without a name, one that is allowed everything. */
export async function connection(peer: Peer, user?: string): Promise<Wire> {
  const wire = await Wire.open(user === undefined ? peer.open : peer.secured);
  if (user === undefined) return wire;
  await wire.ask(of.saslHandshake, 1, { mechanism: 'PLAIN' });
  const answer = await wire.ask(of.saslAuthenticate, 2, { authBytes: Buffer.from(`\0${user}\0${SECRET}`) });
  if (answer?.errorCode !== 0) throw new Error(`${user} is not let in: ${answer?.errorMessage}`);
  return wire;
}

/** Retries until the response is as expected, for at most half a minute. */
async function until<A extends AnyApi>(
  wire: Wire,
  api: A,
  version: number,
  asked: RequestInput<A> | (() => RequestInput<A>),
  holds: (answer: ResponseOf<A>) => boolean,
): Promise<ResponseOf<A>> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const body = typeof asked === 'function' ? asked() : asked;
    const answer: ResponseOf<A> = await wire.ask(api, version, body, 30_000);
    if (answer !== null && holds(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`${api.name}: ${JSON.stringify(answer, plain)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
const plain = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);
const succeeded = ({ errorCode }: { errorCode: number }): boolean => errorCode === Errors.NONE;

/** Creates the resources that the frames use. */
export async function populate(peer: Peer): Promise<World> {
  const wire = await connection(peer);
  const topic = { numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] };
  await until(wire, of.createTopics, 7, { topics: TOPICS.map((name) => ({ ...topic, name })) }, ({ topics }) =>
    topics.every(({ errorCode }) => errorCode === Errors.NONE || errorCode === Errors.TOPIC_ALREADY_EXISTS),
  );
  const creations = RIGHTS.map(([user, [resourceType, resourceName, resourcePatternType, operation]]) => {
    const acl = { resourceType, resourceName, resourcePatternType, operation, permissionType: 3, host: '*' };
    return { ...acl, principal: `User:${user}` };
  });
  await until(wire, of.createAcls, 3, { creations }, ({ results }) => results.every(succeeded));
  const made = await until(
    wire,
    of.metadata,
    12,
    { topics: TOPICS.map((name) => ({ name })), allowAutoTopicCreation: false },
    ({ topics }) => topics.every((t) => t.errorCode === Errors.NONE && t.partitions.every((p) => p.leaderId === 1)),
  );
  const [open = '', hidden = ''] = TOPICS.map((name) => made.topics.find((t) => t.name === name)?.topicId);
  const world = { ids: { open, hidden, missing: MISSING_ID } };
  // the coordinators' topics are created by the first FindCoordinator
  for (const keyType of [0, 1]) {
    const coordinatorKeys = ['mine', 'theirs'];
    await until(wire, of.findCoordinator, 4, { keyType, coordinatorKeys }, (a) => a.coordinators.every(succeeded));
  }
  for (const owner of ['mine', 'theirs']) await populateGroups(wire, owner, world);
  wire.close();
  return world;
}

const MEMBER = 'memberOfItmemberOfIt00';

async function populateGroups(wire: Wire, owner: string, { ids }: World): Promise<void> {
  const partitions = [{ partitionIndex: 0, committedOffset: 0n, committedMetadata: owner }];
  const topics = TOPICS.map((name) => ({ name, partitions }));
  await until(wire, of.offsetCommit, 9, { groupId: owner, topics }, (answer) =>
    answer.topics.every((t) => t.partitions.every(succeeded)),
  );
  const [groupId, share] = [`${owner}-consumer`, `${owner}-share`];
  const joins = { memberId: MEMBER, memberEpoch: 0, subscribedTopicNames: [...TOPICS] };
  const member = { ...joins, groupId, rebalanceTimeoutMs: 60_000, topicPartitions: [] };
  await until(wire, of.consumerGroupHeartbeat, 1, member, succeeded);
  const described = { groupIds: [groupId], includeAuthorizedOperations: false };
  await until(wire, of.consumerGroupDescribe, 1, described, ({ groups: [group] }) => {
    const assigned = group?.members[0]?.assignment.topicPartitions.map(({ topicId }) => topicId) ?? [];
    return assigned.includes(ids.open) && assigned.includes(ids.hidden);
  });
  const shared = { ...joins, groupId: share };
  let memberEpoch = 0;
  await until(
    wire,
    of.shareGroupHeartbeat,
    1,
    () => ({ ...shared, memberEpoch }),
    (answer) => {
      if (!succeeded(answer)) return false;
      memberEpoch = answer.memberEpoch;
      const topicIds = answer.assignment?.topicPartitions.map(({ topicId }) => topicId) ?? [];
      return topicIds.includes(ids.open) && topicIds.includes(ids.hidden);
    },
  );
  await until(wire, of.initProducerId, 4, { transactionalId: owner, transactionTimeoutMs: 60_000 }, succeeded);
}
