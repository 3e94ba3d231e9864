import { afterEach, describe, expect, it } from 'vitest';
import { type Ended, TransactionCoordinator } from '../../../src/broker/txns/coordinator.js';
import type { TxnState } from '../../../src/broker/txns/transaction.js';
import { Errors, KafkaError } from '../../../src/protocol/errors.js';
import { FakeBroker } from './fake-broker.js';

const started: TransactionCoordinator[] = [];
afterEach(() => {
  for (const txns of started.splice(0)) txns.stop();
});

async function coordinator(fake = new FakeBroker()) {
  if (!fake.topics.has('t')) fake.topic('t', 2);
  const broker = fake.broker;
  const txns = broker.component((b) => new TransactionCoordinator(b));
  started.push(txns);
  await txns.start();
  return { fake, txns };
}

const init = (
  txns: TransactionCoordinator,
  expected?: { producerId: bigint; producerEpoch: number },
  timeout = 60_000,
) =>
  txns.initProducerId(
    {
      transactionalId: 'x',
      transactionTimeoutMs: timeout,
      producerId: expected?.producerId ?? -1n,
      producerEpoch: expected?.producerEpoch ?? -1,
    },
    { apiVersion: 5 } as never,
  ) as Promise<Ended>;
const state = (txns: TransactionCoordinator): TxnState | undefined => txns.txns.get('x')?.state;
const add = (txns: TransactionCoordinator, who: Ended, partition = 0, version = 2) =>
  txns.addPartitions('x', who, [['t', partition]], version);
const flush = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('a producer', () => {
  it('keeps its id, and gets a new epoch with each InitProducerId', async () => {
    const { txns } = await coordinator();
    expect(await init(txns)).toEqual({ errorCode: 0, producerId: 1000n, producerEpoch: 0 });
    expect(await init(txns)).toEqual({ errorCode: 0, producerId: 1000n, producerEpoch: 1 });
  });
  it('that sends its current epoch gets the next one, and the same response when it retries', async () => {
    const { txns } = await coordinator();
    const first = await init(txns);
    expect(await init(txns, first)).toMatchObject({ errorCode: 0, producerEpoch: 1 });
    expect(await init(txns, first)).toMatchObject({ errorCode: 0, producerEpoch: 1 });
    await init(txns);
    expect(await init(txns, first)).toMatchObject({ errorCode: Errors.PRODUCER_FENCED });
  });
  it('must request a timeout within the broker’s limits', async () => {
    const { txns } = await coordinator();
    expect(await init(txns, undefined, 900_001)).toMatchObject({ errorCode: Errors.INVALID_TRANSACTION_TIMEOUT });
    expect(await init(txns, undefined, 0)).toMatchObject({ errorCode: Errors.INVALID_TRANSACTION_TIMEOUT });
  });
  it('that calls InitProducerId during a transaction aborts it', async () => {
    const { fake, txns } = await coordinator();
    const first = await init(txns);
    await add(txns, first);
    expect(await init(txns)).toMatchObject({ errorCode: 0, producerEpoch: 2 });
    expect(fake.markers('t', 0)).toEqual(['abort 1000/1']);
    expect(await add(txns, first)).toBe(Errors.PRODUCER_FENCED);
  });
  it('whose epochs are exhausted gets a new id', async () => {
    const { txns } = await coordinator();
    await init(txns);
    const txn = txns.txns.get('x');
    txns.txns.set('x', { ...(txn as NonNullable<typeof txn>), producerEpoch: 32765 });
    const last = { errorCode: 0, producerId: 1000n, producerEpoch: 32765 };
    await add(txns, last);
    expect(await txns.end('x', last, true, 2)).toMatchObject({ producerId: 1000n, producerEpoch: 32766 });
    await flush();
    const exhausted = { errorCode: 0, producerId: 1000n, producerEpoch: 32766 };
    await add(txns, exhausted);
    expect(await txns.end('x', exhausted, true, 2)).toEqual({ errorCode: 0, producerId: 1001n, producerEpoch: 0 });
    await flush();
    expect(await txns.end('x', exhausted, true, 2)).toEqual({ errorCode: 0, producerId: 1001n, producerEpoch: 0 });
  });
});

describe('a transaction', () => {
  it('ends with a marker in each of its partitions, with the next epoch', async () => {
    const { fake, txns } = await coordinator();
    const who = await init(txns);
    expect([await add(txns, who, 0), await add(txns, who, 1), await add(txns, who, 1)]).toEqual([0, 0, 0]);
    expect(state(txns)).toBe('Ongoing');
    expect(await txns.end('x', who, true, 2)).toEqual({ errorCode: 0, producerId: 1000n, producerEpoch: 1 });
    expect([fake.markers('t', 0), fake.markers('t', 1)]).toEqual([['commit 1000/1'], ['commit 1000/1']]);
    await flush();
    expect(state(txns)).toBe('CompleteCommit');
    // retry after a lost response
    expect(await txns.end('x', who, true, 2)).toEqual({ errorCode: 0, producerId: 1000n, producerEpoch: 1 });
    expect((await txns.end('x', who, false, 2)).errorCode).toBe(Errors.INVALID_TXN_STATE);
  });
  it('of an older client keeps its epoch', async () => {
    const { fake, txns } = await coordinator();
    const who = await init(txns);
    await add(txns, who, 0, 0);
    expect(await txns.end('x', who, false, 0)).toEqual({ errorCode: 0, producerId: -1n, producerEpoch: -1 });
    expect(fake.markers('t', 0)).toEqual(['abort 1000/0']);
    await flush();
    expect((await txns.end('x', who, true, 0)).errorCode).toBe(Errors.INVALID_TXN_STATE);
    expect((await txns.end('x', who, false, 0)).errorCode).toBe(0);
  });
  it('without partitions can be aborted by a new client, but not committed', async () => {
    const { txns } = await coordinator();
    const who = await init(txns);
    expect((await txns.end('x', who, true, 2)).errorCode).toBe(Errors.INVALID_TXN_STATE);
    expect(await txns.end('x', who, false, 2)).toMatchObject({ errorCode: 0, producerEpoch: 1 });
  });
  it('belongs to one producer', async () => {
    const { txns } = await coordinator();
    const who = await init(txns);
    expect(await add(txns, { ...who, producerId: 7n })).toBe(Errors.INVALID_PRODUCER_ID_MAPPING);
    expect(await add(txns, { ...who, producerEpoch: 9 })).toBe(Errors.PRODUCER_FENCED);
    expect(await txns.addPartitions('y', who, [['t', 0]], 2)).toBe(Errors.INVALID_PRODUCER_ID_MAPPING);
    expect((await txns.end('x', { ...who, producerEpoch: 9 }, true, 2)).errorCode).toBe(Errors.PRODUCER_FENCED);
  });
  it('that times out is aborted and its producer fenced', async () => {
    const { fake, txns } = await coordinator();
    const who = await init(txns);
    await add(txns, who);
    fake.clock += 60_000;
    await txns.abortTimedOut();
    expect(state(txns)).toBe('Ongoing');
    fake.clock += 1;
    await txns.abortTimedOut();
    expect(state(txns)).toBe('CompleteAbort');
    expect(fake.markers('t', 0)).toEqual(['abort 1000/1']);
    expect(await add(txns, who)).toBe(Errors.PRODUCER_FENCED);
  });
});

describe('produce', () => {
  const batch = (who: Ended, apiVersion: number) => ({
    transactionalId: 'x',
    ...who,
    topic: 't',
    partition: 0,
    apiVersion,
  });
  it('adds its partition once, from version 12 on', async () => {
    const { txns } = await coordinator();
    const who = await init(txns);
    expect(await txns.verifyProduce(batch(who, 12))).toBe(0);
    expect(txns.verifyProduce(batch(who, 12))).toBe(0);
    expect(state(txns)).toBe('Ongoing');
  });
  it('by older clients requires AddPartitionsToTxn', async () => {
    const { txns } = await coordinator();
    const who = await init(txns);
    expect(await txns.verifyProduce(batch(who, 11))).toBe(Errors.TRANSACTION_ABORTABLE);
    expect(await txns.verifyProduce(batch(who, 10))).toBe(Errors.INVALID_TXN_STATE);
    await add(txns, who, 0, 0);
    expect(txns.verifyProduce(batch(who, 10))).toBe(0);
    expect(await txns.verifyProduce(batch({ ...who, producerEpoch: 5 }, 10))).toBe(Errors.INVALID_PRODUCER_EPOCH);
  });
});

describe('a crash', () => {
  it('between the commit decision and the markers is completed at startup', async () => {
    const { fake, txns } = await coordinator();
    const who = await init(txns);
    await add(txns, who, 0);
    await add(txns, who, 1);
    await fake.broker.log('t', 0);
    fake.log('t', 0).fail = new KafkaError(Errors.KAFKA_STORAGE_ERROR);
    await txns.end('x', who, true, 2);
    await flush();
    expect(state(txns)).toBe('PrepareCommit');
    expect(fake.warnings).toHaveLength(1);
    expect(await add(txns, { ...who, producerEpoch: 1 })).toBe(Errors.CONCURRENT_TRANSACTIONS);
    const next = await coordinator(FakeBroker.with(fake.logs, fake.topics));
    expect(state(next.txns)).toBe('CompleteCommit');
    expect(next.fake.markers('t', 0)).toEqual(['commit 1000/1']);
  });
  it('in an open transaction leaves it open', async () => {
    const { fake, txns } = await coordinator();
    const who = await init(txns);
    await add(txns, who, 1);
    const next = await coordinator(FakeBroker.with(fake.logs, fake.topics));
    expect(next.txns.txns.get('x')).toMatchObject({ state: 'Ongoing', producerId: 1000n, timeoutMs: 60_000 });
    expect(await next.txns.end('x', who, false, 2)).toMatchObject({ errorCode: 0, producerEpoch: 1 });
  });
  it('does not restore expired transactional ids', async () => {
    const { fake, txns } = await coordinator();
    await init(txns);
    fake.clock += 604_800_000;
    await txns.removeExpired();
    expect(txns.txns.size).toBe(0);
    const next = await coordinator(FakeBroker.with(fake.logs, fake.topics));
    expect(next.txns.txns.size).toBe(0);
  });
});
