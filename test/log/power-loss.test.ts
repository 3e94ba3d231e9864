import { describe, expect, it } from 'vitest';
import type { PartitionLog } from '../../src/log/log.js';
import { KafkaError } from '../../src/protocol/errors.js';
import { type CrashFs, random } from './crash-fs.js';
import { batchOf, client, newFs, open, recordsIn } from './support.js';

const small = { segmentBytes: 700, indexIntervalBytes: 200, cleanupPolicy: ['compact'] };

interface Moment {
  image: CrashFs;
  /** acknowledged so far: offsets below this must survive */
  acked: number;
}

/** Appends, syncs, rolls and saves; takes a snapshot of a power loss before every change to the disk. */
async function history(seed: number, steps: number): Promise<{ moments: Moment[]; written: string[] }> {
  const next = random(seed);
  const io = newFs();
  const moments: Moment[] = [];
  const written: string[] = [];
  let acked = 0;
  io.beforeOp = () => void moments.push({ image: io.crash(seed * 7919 + io.ops), acked });
  const { log } = await open(io, { ...small, cleanupPolicy: ['delete'] });
  for (let step = 0; step < steps; step++) {
    const values = Array.from(
      { length: 1 + Math.floor(next() * 3) },
      (_, i) => `${step}.${i}${'x'.repeat(next() * 60)}`,
    );
    log.append(batchOf(values), client);
    written.push(...values);
    const end = log.logEndOffset;
    const chance = next();
    if (chance < 0.5) {
      await log.sync();
      acked = end;
    } else if (chance < 0.6) {
      await log.maintain(0);
      acked = end;
    }
  }
  await log.close();
  acked = log.logEndOffset;
  moments.push({ image: io.crash(seed), acked });
  return { moments, written };
}

/** Records by offset, skipping corrupt batches. */
async function whatIsThere(log: PartitionLog): Promise<Map<number, string | null>> {
  const there = new Map<number, string | null>();
  for (let offset = log.logStartOffset; offset < log.logEndOffset; ) {
    try {
      const { records } = await log.read(offset, 4096, { minOne: true, upTo: log.logEndOffset, aborted: false });
      for (const r of recordsIn(records)) there.set(r.offset, r.value);
      offset = Math.max(offset, ...there.keys()) + 1;
    } catch (e) {
      expect(e).toBeInstanceOf(KafkaError);
      offset++;
    }
  }
  return there;
}

describe('a power loss', () => {
  it('at any change to the disk: acknowledged records survive, and all records are as written', async () => {
    let tried = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const { moments, written } = await history(seed, 25);
      for (const { image, acked } of moments) {
        const again = image.copy();
        const { log } = await open(again, small);
        const there = await whatIsThere(log);
        for (let offset = 0; offset < acked; offset++) expect(there.get(offset), `seed ${seed}`).toBe(written[offset]);
        for (const [offset, value] of there) expect(value).toBe(written[offset]);
        expect(log.logEndOffset).toBeGreaterThanOrEqual(acked);
        tried++;
      }
    }
    expect(tried).toBeGreaterThan(1000);
  });

  it('repeated, with new appends after each one', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const next = random(seed);
      let io = newFs();
      const promised = new Map<number, string>();
      for (let life = 0; life < 8; life++) {
        const { log } = await open(io, { ...small, cleanupPolicy: ['delete'] });
        const there = await whatIsThere(log);
        for (const [offset, value] of promised) expect(there.get(offset), `seed ${seed}, life ${life}`).toBe(value);
        for (let i = 0; i < 10 && log.refusal === undefined; i++) {
          const value = `${life}.${i}${'y'.repeat(next() * 40)}`;
          const { baseOffset } = log.append(batchOf([value]), client);
          expect(promised.has(baseOffset)).toBe(false);
          if (next() < 0.4) {
            await log.sync();
            for (const [offset, read] of await whatIsThere(log)) promised.set(offset, read as string);
          }
        }
        io = io.crash(seed * 100 + life);
      }
    }
  });
});
