import { describe, expect, it } from 'vitest';
import { Errors } from '../../src/protocol/errors.js';
import { controlBatch } from '../../src/protocol/records/builder.js';
import { batchOf, client, coordinator, NOW, newFs, open } from './support.js';

const P = 7;
const idempotent = (sequence: number, values = ['v'], epoch = 0) =>
  batchOf(values, { producerId: P, producerEpoch: epoch, baseSequence: sequence });
const inTxn = (producerId: number, sequence: number, values: string[], epoch = 0) =>
  batchOf(values, { producerId, producerEpoch: epoch, baseSequence: sequence, transactional: true });
const marker = (type: 'commit' | 'abort', producerId: number, producerEpoch = 0, coordinatorEpoch = 0) =>
  controlBatch({ type, producerId, producerEpoch, coordinatorEpoch, timestamp: NOW });

describe('an idempotent producer', () => {
  it('gets the original offsets for duplicates of its last five batches', async () => {
    const { log } = await open(newFs());
    for (let i = 0; i < 7; i++) log.append(idempotent(2 * i, ['a', 'b']), client);
    for (let i = 2; i < 7; i++) {
      expect(log.append(idempotent(2 * i, ['a', 'b']), client)).toMatchObject({
        baseOffset: 2 * i,
        lastOffset: 2 * i + 1,
        duplicate: true,
      });
    }
    expect(() => log.append(idempotent(2, ['a', 'b']), client)).toThrow(
      'Out of order sequence number for producer 7 at offset 14 in partition t-0: 2 (incoming seq. number), 13 (current end sequence number)',
    );
    expect(log.logEndOffset).toBe(14);
  });

  it('cannot skip a sequence number or use an old epoch', async () => {
    const { log } = await open(newFs());
    log.append(idempotent(0), client);
    expect(() => log.append(idempotent(2), client)).toThrow(
      expect.objectContaining({ code: Errors.OUT_OF_ORDER_SEQUENCE_NUMBER }),
    );
    log.append(idempotent(0, ['w'], 1), client);
    expect(() => log.append(idempotent(1, ['v'], 0), client)).toThrow(
      'Epoch of producer 7 at offset 2 in t-0 is 0, which is < the last seen epoch 1 (TV-1)',
    );
    expect(() => log.append(idempotent(3, ['v'], 2), client)).toThrow('Invalid sequence number for new epoch');
  });

  it('is still known after a restart, and after a roll and a restart', async () => {
    const io = newFs();
    const { log } = await open(io);
    log.append(idempotent(0, ['a', 'b', 'c']), client);
    log.append(idempotent(3), client);
    await log.close();
    const { log: again } = await open(io);
    expect(again.append(idempotent(0, ['a', 'b', 'c']), client)).toMatchObject({ baseOffset: 0, duplicate: true });
    again.roll(NOW);
    await again.close();
    const { log: third } = await open(io);
    expect(third.append(idempotent(3), client)).toMatchObject({ baseOffset: 3, duplicate: true });
    expect(third.append(idempotent(4), client)).toMatchObject({ baseOffset: 4, duplicate: false });
  });

  it('wraps its sequence numbers at 2^31', async () => {
    const { log } = await open(newFs());
    log.append(idempotent(2147483646, ['a', 'b', 'c']), client);
    expect(log.append(idempotent(2147483646, ['a', 'b', 'c']), client).duplicate).toBe(true);
    expect(log.append(idempotent(1), client).duplicate).toBe(false);
  });

  it('does not expire while it is active, however old its record timestamps are', async () => {
    const io = newFs();
    const { log } = await open(io);
    const old = batchOf(['v'], { producerId: P, producerEpoch: 0, baseSequence: 0, timestamp: NOW - 10 * 86_400_000 });
    log.append(Buffer.from(old), client);
    await log.maintain(NOW + 15_000);
    expect(log.append(Buffer.from(old), client)).toMatchObject({ baseOffset: 0, duplicate: true });
    log.roll(NOW);
    await log.close();
    const { log: again } = await open(io);
    await again.maintain(NOW + 15_000);
    expect(again.append(Buffer.from(old), client)).toMatchObject({ baseOffset: 0, duplicate: true });
  });

  it('can start with any sequence number if it is unknown', async () => {
    const { log } = await open(newFs());
    expect(log.append(idempotent(5), client).duplicate).toBe(false);
    await log.maintain(NOW + 86_400_000);
    expect(log.activeProducers()).toEqual([]);
  });
});

describe('a transaction', () => {
  it('holds back the last stable offset until its marker', async () => {
    const { log } = await open(newFs());
    log.append(batchOf(['plain']), client);
    log.append(inTxn(1, 0, ['a', 'b']), client);
    log.append(inTxn(2, 0, ['c']), client);
    log.append(batchOf(['plain']), client);
    expect(log.lastStableOffset).toBe(1);
    expect(log.openTransaction(1n)).toBe(1);
    log.append(marker('commit', 1), coordinator);
    expect(log.lastStableOffset).toBe(3);
    log.append(marker('abort', 2), coordinator);
    expect(log.lastStableOffset).toBe(log.logEndOffset);
    expect(log.openTransaction(1n)).toBeUndefined();
  });

  it('that is aborted is returned with reads of its offsets; also after a restart, and from sealed segments', async () => {
    const io = newFs();
    const over = { segmentBytes: 300, indexIntervalBytes: 0 };
    const { log } = await open(io, over);
    const aborted: { producerId: bigint; firstOffset: number; end: number }[] = [];
    for (let i = 0; i < 8; i++) {
      const producer = 1 + (i % 2);
      const { baseOffset } = log.append(inTxn(producer, i >> 1, [`t${i}`]), client);
      const type = i % 3 === 0 ? 'commit' : 'abort';
      const end = log.append(marker(type, producer, 0, 0), coordinator).lastOffset;
      if (type === 'abort') aborted.push({ producerId: BigInt(producer), firstOffset: baseOffset, end });
    }
    expect(log.segments.length).toBeGreaterThan(3);
    const ask = async (l: typeof log) => {
      const seen = new Map<number, bigint>();
      for (let offset = 0; offset < l.logEndOffset; ) {
        const found = await l.read(offset, 1, { minOne: true, upTo: l.lastStableOffset, aborted: true });
        for (const txn of found.aborted) seen.set(txn.firstOffset, txn.producerId);
        offset += 1;
      }
      return seen;
    };
    const expected = new Map(aborted.map((t) => [t.firstOffset, t.producerId]));
    expect(await ask(log)).toEqual(expected);
    await log.close();
    expect(await ask((await open(io, over)).log)).toEqual(expected);
    for (const name of io.list('/data/t-0')) if (!name.endsWith('.log')) io.unlink(`/data/t-0/${name}`);
    expect(await ask((await open(io, over)).log)).toEqual(expected);
  });

  it('that is open stays open after a restart', async () => {
    const io = newFs();
    const { log } = await open(io);
    log.append(batchOf(['x']), client);
    log.append(inTxn(1, 0, ['a']), client);
    log.roll(NOW);
    log.append(batchOf(['y']), client);
    await log.close();
    const { log: again } = await open(io);
    expect(again.lastStableOffset).toBe(1);
    again.append(marker('abort', 1), coordinator);
    expect(again.lastStableOffset).toBe(4);
  });

  it('is fenced as Kafka fences it', async () => {
    const { log } = await open(newFs());
    log.append(inTxn(1, 0, ['a'], 3), client);
    expect(() => log.append(marker('commit', 1, 2), coordinator)).toThrow(
      expect.objectContaining({ code: Errors.INVALID_PRODUCER_EPOCH }),
    );
    expect(() => log.append(marker('commit', 1, 3), { ...coordinator, transactionVersion: 2 })).toThrow('(TV2)');
    log.append(marker('commit', 1, 4, 5), { ...coordinator, transactionVersion: 2 });
    // the same marker again, after a lost response
    log.append(marker('commit', 1, 4, 5), { ...coordinator, transactionVersion: 2 });
    expect(() => log.append(marker('commit', 1, 4, 4), coordinator)).toThrow(
      expect.objectContaining({ code: Errors.TRANSACTION_COORDINATOR_FENCED }),
    );
    log.append(inTxn(1, 0, ['b'], 4), client);
    expect(() => log.append(batchOf(['c'], { producerId: 1, producerEpoch: 4, baseSequence: 1 }), client)).toThrow(
      expect.objectContaining({ code: Errors.INVALID_TXN_STATE }),
    );
  });
});
