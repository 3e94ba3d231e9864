import { describe, expect, it } from 'vitest';
import { KafkaError } from '../../src/protocol/errors.js';
import { controlBatch } from '../../src/protocol/records/builder.js';
import { random } from './crash-fs.js';
import { batchOf, client, coordinator, DIR, NOW, newFs, open, readAllFrom, recordsIn } from './support.js';

const over = {
  cleanupPolicy: ['compact'],
  segmentBytes: 2000,
  indexIntervalBytes: 300,
  deleteRetentionMs: 1000,
  minCleanableDirtyRatio: 0,
};
const one = (key: string, value: string | null) => batchOf([], { records: [{ key, value }] });

describe('compaction', () => {
  it('keeps the last record of each key at its offset; removes a tombstone after delete.retention.ms', async () => {
    const io = newFs();
    const { log } = await open(io, over);
    log.append(batchOf([], { records: ['a', 'b', 'c'].map((key) => ({ key, value: `${key}1` })) }), client);
    log.append(batchOf([], { codec: 3, records: ['a', 'd'].map((key) => ({ key, value: `${key}2` })) }), client);
    log.append(one('b', null), client);
    log.roll(NOW);
    log.append(one('c', 'not sealed'), client);
    await log.maintain(NOW);
    const texts = async (l = log) => (await readAllFrom(l)).map((r) => `${r.offset} ${r.key}=${r.value}`);
    expect(await texts()).toEqual(['2 c=c1', '3 a=a2', '4 d=d2', '5 b=null', '6 c=not sealed']);
    log.roll(NOW);
    log.append(one('e', 'e1'), client);
    await log.maintain(NOW + 1001);
    expect(await texts()).toEqual(['3 a=a2', '4 d=d2', '6 c=not sealed', '7 e=e1']);
    expect(log.logStartOffset).toBe(0);
    await log.close();
    const { log: again, warnings } = await open(io, over);
    expect(warnings).toEqual([]);
    expect(await texts(again)).toEqual(['3 a=a2', '4 d=d2', '6 c=not sealed', '7 e=e1']);
    // also after a restart, when this state must be rebuilt
    for (const name of io.list(DIR)) if (!name.endsWith('.log')) io.unlink(`${DIR}/${name}`);
    expect(await texts((await open(io, over)).log)).toEqual(['3 a=a2', '4 d=d2', '6 c=not sealed', '7 e=e1']);
  });

  it('with the cleaner disabled, neither compacts nor deletes compacted topics; still deletes from others', async () => {
    const run = async (cleanupPolicy: string[]) => {
      const { log } = await open(newFs(), { ...over, cleanupPolicy, cleanerEnabled: false, retentionMs: 1 });
      for (let i = 0; i < 4; i++) {
        log.append(one('a', `${i}`), client);
        log.roll(NOW);
      }
      await log.maintain(NOW + 1_000_000);
      return (await readAllFrom(log)).length;
    };
    expect(await run(['compact'])).toBe(4);
    expect(await run(['compact', 'delete'])).toBe(4);
    expect(await run(['delete'])).toBe(0);
  });

  it('removes an aborted transaction, then its marker; keeps a committed one', async () => {
    const io = newFs();
    const { log } = await open(io, over);
    const inTxn = (producerId: number, key: string) =>
      batchOf([], {
        producerId,
        producerEpoch: 0,
        baseSequence: 0,
        transactional: true,
        records: [{ key, value: 'v' }],
      });
    const end = (type: 'commit' | 'abort', producerId: number) =>
      controlBatch({ type, producerId, producerEpoch: 0, coordinatorEpoch: 0, timestamp: NOW });
    log.append(one('x', 'old'), client);
    log.append(inTxn(1, 'x'), client);
    log.append(inTxn(2, 'y'), client);
    log.append(end('abort', 1), coordinator);
    log.append(end('commit', 2), coordinator);
    log.roll(NOW);
    log.append(one('z', 'z'), client);
    await log.maintain(NOW);
    const kept = async () =>
      (await readAllFrom(log)).map((r) => `${r.offset}${r.control ? ' marker' : ` ${r.key}=${r.value}`}`);
    expect(await kept()).toEqual(['0 x=old', '2 y=v', '3 marker', '4 marker', '5 z=z']);
    // the producer is forgotten, its empty batch goes, the marker's time begins to run, and is over
    for (let day = 1; day <= 4; day++) {
      log.roll(NOW);
      log.append(one('z', `z${day}`), client);
      await log.maintain(NOW + day * 86_400_000);
    }
    expect(await kept()).toEqual(['0 x=old', '2 y=v', '4 marker', '8 z=z3', '9 z=z4']);
  });

  it('never changes the final value of a key, under random operations', async () => {
    for (let seed = 1; seed <= 6; seed++) {
      const next = random(seed);
      const io = newFs();
      let { log } = await open(io, over, { cacheBytes: 3000 });
      const last = new Map<string, string | null>();
      const written = new Map<number, string | null>();
      let now = NOW;
      for (let step = 0; step < 150; step++) {
        const key = `k${Math.floor(next() * 12)}`;
        const value = next() < 0.2 ? null : `${step}${'x'.repeat(next() * 50)}`;
        const codec = Math.floor(next() * 5);
        const { baseOffset } = log.append(
          batchOf([], { codec, timestamp: NOW + step, records: [{ key, value }] }),
          client,
        );
        last.set(key, value);
        written.set(baseOffset, value);
        if (next() < 0.1) {
          now += 400;
          await log.maintain(now);
        }
        if (next() < 0.03) {
          await log.close();
          ({ log } = await open(io, over, { cacheBytes: 3000 }));
        }
      }
      const all = await readAllFrom(log);
      expect(all.map((r) => r.offset)).toEqual([...new Set(all.map((r) => r.offset))].sort((a, b) => a - b));
      for (const r of all) expect(r.value).toBe(written.get(r.offset));
      const state = new Map(all.map((r) => [r.key!, r.value]));
      for (const [key, value] of last) if (value !== null) expect(state.get(key), `seed ${seed}`).toBe(value);
      for (const [key, value] of state) if (value !== null) expect(last.get(key)).toBe(value);
      expect(all.length).toBeLessThan(120);
    }
  });

  it('loses no key if the power is lost at any change to the disk', async () => {
    const io = newFs();
    const { log } = await open(io, over);
    const images: ReturnType<typeof io.crash>[] = [];
    io.beforeOp = () => void images.push(io.crash(io.ops), io.crash(io.ops + 1_000_000));
    for (let round = 0; round < 3; round++) {
      // a new key in each round keeps the segments non-empty
      for (let i = 0; i < 60; i++) log.append(one(i % 20 === 0 ? `r${round}.${i}` : `k${i % 5}`, `v${i}`), client);
      await log.sync();
      log.roll(NOW);
      await log.sync();
      images.length = 0;
      const before = log.segments.length;
      await log.maintain(NOW);
      // small segments are merged
      if (round > 0) expect(log.segments.length).toBeLessThan(before - 1);
    }
    const kept = (await readAllFrom(log)).map((r) => r.key);
    expect(new Set(kept).size).toBe(kept.length);
    expect(images.length).toBeGreaterThan(20);
    const expected = [
      ...['k0', 'k1', 'k2', 'k3', 'k4'],
      ...[0, 1, 2].flatMap((r) => [`r${r}.0`, `r${r}.20`, `r${r}.40`]),
    ];
    expect(kept.sort()).toEqual(expected);
    for (const image of images) {
      const { log: again, warnings } = await open(image, over);
      const all = await readAllFrom(again);
      const state = new Map(all.map((r) => [r.key, r.value]));
      expect([...state.keys()].sort()).toEqual(expected);
      for (let k = 0; k < 5; k++) expect(state.get(`k${k}`)).toBe(`v${k === 0 ? 55 : 55 + k}`);
      expect(all.map((r) => r.offset)).toEqual([...new Set(all.map((r) => r.offset))].sort((x, y) => x - y));
      expect(warnings).toEqual([]);
      expect(again.refusal).toBeUndefined();
    }
  });

  it('a concurrent reader at the end of a segment does not skip records of the next one', async () => {
    const io = newFs();
    const { log } = await open(io, { ...over, segmentBytes: 200 });
    for (const [i, key] of ['x', 'k', 'k', 'y', 'z', 'u'].entries()) {
      if (i % 2 === 0) log.roll(NOW);
      log.append(one(key, `${i}`), client);
    }
    log.roll(NOW);
    await log.maintain(NOW);
    log.append(one('v', '6'), client);
    log.roll(NOW);
    log.append(one('w', '7'), client);
    expect((await readAllFrom(log)).map((r) => r.offset)).toEqual([0, 2, 3, 4, 5, 6, 7]);
    expect(log.segments.length).toBeGreaterThan(3);
    await log.close();
    const { log: again } = await open(io, { ...over, segmentBytes: 5000, indexIntervalBytes: 0 });
    const { read } = io;
    let go = (): void => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    io.read = async (...args) => {
      await gate;
      return read.apply(io, args);
    };
    const reading = again.read(1, 4096, { minOne: true, upTo: 8, aborted: false });
    const time = again.offsetForTime(NOW);
    await again.maintain(NOW);
    expect(again.segments.length).toBeLessThan(3);
    go();
    expect(recordsIn((await reading).records)[0]?.offset).toBe(2);
    expect((await time).offset).toBe(0);
  });

  it('loses no key if any change to the disk fails, neither at once nor after a restart', async () => {
    for (const kind of ['create', 'write', 'truncate', 'sync', 'rename', 'syncDir', 'unlink']) {
      for (let nth = 1; ; nth++) {
        const io = newFs();
        const { log } = await open(io, over);
        const last = new Map<string, string>();
        const write = (count: number, round: string): void => {
          for (let i = 0; i < count; i++) {
            const key = i % 20 === 0 ? `${round}${i}` : `k${i % 5}`;
            log.append(one(key, `${round}${i}`), client);
            last.set(key, `${round}${i}`);
          }
          log.roll(NOW);
        };
        write(60, 'a');
        await log.maintain(NOW);
        write(60, 'b');
        await log.sync();
        let count = 0;
        io.beforeOp = (op) => {
          if (op === kind && ++count === nth) throw Object.assign(new Error('injected'), { code: 'EIO' });
        };
        await log.maintain(NOW).catch(() => {});
        io.beforeOp = () => {};
        try {
          write(60, 'c');
          await log.maintain(NOW);
        } catch (e) {
          expect(e).toBeInstanceOf(KafkaError);
        }
        const check = async (l: typeof log): Promise<void> => {
          const state = new Map((await readAllFrom(l)).map((r) => [r.key!, r.value!]));
          expect([...state].sort(), `${kind} ${nth}`).toEqual([...last].sort());
        };
        await check((await open(io.copy(), over)).log);
        if (count < nth) break;
      }
    }
  });
});
