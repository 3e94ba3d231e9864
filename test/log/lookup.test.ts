import { describe, expect, it } from 'vitest';
import { Errors } from '../../src/protocol/errors.js';
import { random } from './crash-fs.js';
import { batchOf, client, NOW, newFs, open, recordsIn } from './support.js';

const small = { segmentBytes: 1500, indexIntervalBytes: 200 };

describe('compared with a list in memory, under random operations', () => {
  it('reads, timestamp lookups, start and end offsets and restarts agree', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const next = random(seed);
      const io = newFs();
      let { log } = await open(io, small, { cacheBytes: 2000 });
      const model: { offset: number; value: string; timestamp: number }[] = [];
      let start = 0;
      for (let step = 0; step < 150; step++) {
        const chance = next();
        if (chance < 0.5) {
          const records = Array.from({ length: 1 + Math.floor(next() * 4) }, (_, i) => ({
            value: `${step}.${i}${'z'.repeat(next() * 80)}`,
            timestamp: NOW - Math.floor(next() * 1000),
          }));
          const codec = Math.floor(next() * 5);
          const { baseOffset } = log.append(batchOf([], { records, codec }), client);
          records.forEach((r, i) => void model.push({ ...r, offset: baseOffset + i }));
        } else if (chance < 0.75 && model.length > start) {
          const offset = start + Math.floor(next() * (model.length - start));
          const maxBytes = Math.floor(next() * 1500);
          const { records } = await log.read(offset, maxBytes, {
            minOne: true,
            upTo: log.logEndOffset,
            aborted: false,
          });
          const got = recordsIn(records).filter((r) => r.offset >= offset);
          expect(got.length).toBeGreaterThan(0);
          got.forEach(
            (r, i) => void expect({ ...model[offset + i] }).toMatchObject({ offset: r.offset, value: r.value }),
          );
        } else if (chance < 0.85) {
          const time = NOW - Math.floor(next() * 1100) + 50;
          const first = model.find((r) => r.offset >= start && r.timestamp >= time);
          const expected = first ? { offset: first.offset, timestamp: first.timestamp } : { offset: -1, timestamp: -1 };
          expect(await log.offsetForTime(time)).toEqual(expected);
        } else if (chance < 0.9) {
          start = start + Math.floor(next() * (log.logEndOffset - start + 1) * 0.2);
          await log.deleteRecordsBefore(start);
          expect(log.logStartOffset).toBe(start);
        } else if (chance < 0.95) {
          if (next() < 0.5) await log.close();
          const copy = io.copy();
          ({ log } = await open(copy, small, { cacheBytes: 2000, logStartOffset: start }));
          // continue with the copy
          Object.assign(io, { entries: copy.entries });
          ({ log } = await open(io, small, { cacheBytes: 2000, logStartOffset: start }));
        } else await log.maintain(NOW);
        expect(log.logEndOffset).toBe(model.length);
      }
    }
  }, 20_000);
});

describe('offsets by timestamp', () => {
  it('the max timestamp is found at the first record that has it; with LogAppendTime at the last of the batch', async () => {
    const { log } = await open(newFs());
    expect(await log.maxTimestamp()).toEqual({ offset: -1, timestamp: -1 });
    const times = [5, 9, 9, 7].map((t) => ({ timestamp: NOW + t }));
    log.append(batchOf([], { records: times }), client);
    log.append(batchOf([], { records: [{ timestamp: NOW + 8 }] }), client);
    expect(await log.maxTimestamp()).toEqual({ offset: 1, timestamp: NOW + 9 });
    const stamped = await open(newFs(), { messageTimestampType: 'LogAppendTime' });
    stamped.log.append(batchOf(['a', 'b', 'c']), client);
    expect(await stamped.log.maxTimestamp()).toEqual({ offset: 2, timestamp: NOW });
  });
});

describe('the ends of the log', () => {
  it('a read outside the log is OFFSET_OUT_OF_RANGE, at the log end offset it is empty', async () => {
    const { log } = await open(newFs());
    const ask = (offset: number) => log.read(offset, 100, { minOne: true, upTo: 99, aborted: true });
    expect((await ask(0)).sizeInBytes).toBe(0);
    log.append(batchOf(['a', 'b']), client);
    await expect(ask(3)).rejects.toMatchObject({ code: Errors.OFFSET_OUT_OF_RANGE });
    await expect(ask(-1)).rejects.toMatchObject({ code: Errors.OFFSET_OUT_OF_RANGE });
    expect((await ask(2)).chunks).toEqual([]);
    await log.deleteRecordsBefore(1);
    await expect(ask(0)).rejects.toMatchObject({ code: Errors.OFFSET_OUT_OF_RANGE });
    expect(recordsIn((await ask(1)).records).map((r) => r.offset)).toEqual([0, 1]);
    await expect(log.deleteRecordsBefore(3)).rejects.toThrow(
      'Cannot increment the log start offset to 3 of partition t-0 since it is larger than the high watermark 2',
    );
  });

  it('a batch larger than the size limit is returned whole with minOne, and not without it', async () => {
    const { log } = await open(newFs());
    log.append(batchOf(['x'.repeat(5000)]), client);
    log.append(batchOf(['y']), client);
    const ask = (minOne: boolean) => log.read(0, 100, { minOne, upTo: 2, aborted: false });
    expect((await ask(false)).sizeInBytes).toBe(0);
    expect(recordsIn((await ask(true)).records)).toHaveLength(1);
  });

  it('a leader epoch ends where the next one starts', async () => {
    const io = newFs();
    const { log } = await open(io);
    for (const leaderEpoch of [0, 0, 2, 5]) log.append(batchOf(['a']), { leaderEpoch, origin: 'client' });
    const check = (l: typeof log) => {
      expect(l.endOffsetForEpoch(0)).toEqual({ epoch: 0, endOffset: 2 });
      expect(l.endOffsetForEpoch(1)).toEqual({ epoch: 0, endOffset: 2 });
      expect(l.endOffsetForEpoch(2)).toEqual({ epoch: 2, endOffset: 3 });
      expect(l.endOffsetForEpoch(5)).toEqual({ epoch: 5, endOffset: 4 });
      expect(l.endOffsetForEpoch(6)).toEqual({ epoch: -1, endOffset: -1 });
    };
    check(log);
    await log.close();
    check((await open(io)).log);
  });

  it('retention deletes by age and by size, including the active segment if all of it has expired', async () => {
    const { log } = await open(newFs(), { ...small, retentionMs: 1000 });
    for (let i = 0; i < 60; i++) log.append(batchOf([`v${i}`.padEnd(60)], { timestamp: NOW + i * 100 }), client);
    const whole = log.sizeBytes;
    await log.maintain(NOW + 4000);
    expect(log.logStartOffset).toBeGreaterThan(10);
    expect(log.logStartOffset).toBeLessThanOrEqual(30);
    log.config = { ...log.config, retentionMs: -1, retentionBytes: Math.floor(whole / 3) };
    await log.maintain(NOW + 4000);
    expect(log.sizeBytes).toBeLessThan(whole / 3 + 1500);
    expect(log.sizeBytes).toBeGreaterThanOrEqual(Math.floor(whole / 3));
    log.config = { ...log.config, retentionMs: 1000 };
    await log.maintain(NOW + 100_000);
    expect(log.logStartOffset).toBe(60);
    expect(log.append(batchOf(['on']), client).baseOffset).toBe(60);
  });

  it('a callback waiting for new records is called once', async () => {
    const { log } = await open(newFs());
    let calls = 0;
    log.onAppend(() => calls++);
    const off = log.onAppend(() => calls++);
    off();
    log.append(batchOf(['a']), client);
    log.append(batchOf(['b']), client);
    expect(calls).toBe(1);
  });

  it('replay visits every batch', async () => {
    const { log } = await open(newFs(), small);
    for (let i = 0; i < 50; i++) log.append(batchOf([`v${i}`]), client);
    const seen: (string | null)[] = [];
    await log.replay((batches) => void seen.push(...recordsIn(batches).map((r) => r.value)));
    expect(seen).toEqual([...Array(50).keys()].map((i) => `v${i}`));
  });
});
