/** Regular expressions sent by clients never block the broker for other clients. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BoundedPattern } from '../../src/broker/bounded-pattern.js';
import { metadata } from '../../src/protocol/apis/03-metadata.js';
import { findCoordinator } from '../../src/protocol/apis/10-find-coordinator.js';
import { createTopics } from '../../src/protocol/apis/19-create-topics.js';
import { initProducerId } from '../../src/protocol/apis/22-init-producer-id.js';
import { listTransactions } from '../../src/protocol/apis/66-list-transactions.js';
import { consumerGroupHeartbeat } from '../../src/protocol/apis/68-consumer-group-heartbeat.js';
import { Errors } from '../../src/protocol/errors.js';
import { type BrokerProcess, startBroker } from '../support/process.js';
import { Wire } from './wire.js';

const LONG = `${'a'.repeat(199)}-`;
/** exponential for a backtracking engine */
const EVIL = '(a+)+';

let broker: BrokerProcess;
let one: Wire;
let other: Wire;
beforeAll(async () => {
  broker = await startBroker();
  one = await Wire.open(broker.port);
  other = await Wire.open(broker.port);
  const topic = { name: LONG, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
  await one.ask(createTopics, 7, { topics: [topic], timeoutMs: 5000, validateOnly: false });
  for (let tries = 0; tries < 100; tries++) {
    const { coordinators } = await one.ask(findCoordinator, 4, { keyType: 1, coordinatorKeys: [LONG] });
    if (coordinators[0]?.errorCode === Errors.NONE) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await one.ask(initProducerId, 4, { transactionalId: LONG, transactionTimeoutMs: 60_000 });
});
afterAll(() => broker.remove());

const joining = (subscribedTopicRegex: string) => ({
  groupId: 'g',
  memberId: 'm',
  memberEpoch: 0,
  instanceId: null,
  rackId: null,
  rebalanceTimeoutMs: 60_000,
  subscribedTopicNames: null,
  subscribedTopicRegex,
  serverAssignor: null,
  topicPartitions: [],
});

/** How long another client waits for metadata during `work`, ms, and the result of `work`. */
async function besides<T>(work: () => Promise<T>): Promise<{ answer: T; waitedMs: number }> {
  const answer = work();
  const start = performance.now();
  await other.ask(metadata, 12, { topics: null });
  const waitedMs = performance.now() - start;
  return { answer: await answer, waitedMs };
}

const list = (transactionalIdPattern: string) =>
  one.ask(listTransactions, 2, {
    stateFilters: [],
    producerIdFilters: [],
    durationFilter: -1n,
    transactionalIdPattern,
  });

test('while a heartbeat has a regex that would backtrack forever, another client gets metadata within 100 ms', async () => {
  await one.ask(consumerGroupHeartbeat, 1, joining('warm.*'));
  const { answer, waitedMs } = await besides(() => one.ask(consumerGroupHeartbeat, 1, joining(EVIL)));
  expect(answer).toMatchObject({ errorCode: Errors.NONE });
  expect(waitedMs).toBeLessThan(100);
});

test('the same holds for ListTransactions, which returns the matches', async () => {
  await list('warm.*');
  const { answer, waitedMs } = await besides(() => list(EVIL));
  expect(answer).toMatchObject({ errorCode: Errors.NONE, transactionStates: [] });
  expect(waitedMs).toBeLessThan(100);
  expect((await list('(a+)+-')).transactionStates).toMatchObject([{ transactionalId: LONG }]);
});

test.each([
  ['RE2 has no lookahead', '(?=a)a', 'invalid or unsupported Perl syntax'],
  ['a pattern too long', 'a'.repeat(5000), 'longer than 4096 characters'],
  ['a program too large', '(?:.?){900}|'.repeat(90), 'expression too large'],
])('%s: refused at once, with the reason', async (_, regex, why) => {
  const { answer, waitedMs } = await besides(() => one.ask(consumerGroupHeartbeat, 1, joining(regex)));
  expect(answer).toMatchObject({ errorCode: Errors.INVALID_REGULAR_EXPRESSION });
  expect(answer.errorMessage).toContain(`is not a valid regular expression: ${why}.`);
  expect(waitedMs).toBeLessThan(100);
  expect(await list(regex)).toMatchObject({ errorCode: Errors.INVALID_REGULAR_EXPRESSION });
});

test('many names are matched in slices, and a pattern that takes too many slices is rejected', async () => {
  // its automaton has 2^80 states
  const bits = (i: number) => Array.from({ length: 200 }, (_, at) => (((i + 1) * (at + 7) ** 3 * 2654435761) % 97) & 1);
  const names = Array.from({ length: 20_000 }, (_, i) => `${i}-${bits(i).join('')}`);
  const turns = new BoundedPattern('.*1[01]{80}-');
  let longest = 0;
  const work = async () => {
    for (;;) {
      const start = performance.now();
      const done = turns.turn(names);
      longest = Math.max(longest, performance.now() - start);
      if (done) return done;
    }
  };
  await expect(work()).rejects.toThrow('it takes longer than 2000 ms');
  expect(longest).toBeLessThan(1000);
  expect(await new BoundedPattern('499.*').all(names)).toHaveLength(11);
});
