import { describe, expect, it } from 'vitest';
import { Errors, KafkaError } from '../../src/protocol/errors.js';
import { batchOf, client, newFs, open, readAllFrom } from './support.js';

const failing = (code: string): Error => Object.assign(new Error(`${code}: injected`), { code });
const small = { segmentBytes: 500, indexIntervalBytes: 100 };

/** Appends and syncs ten batches, stopping when the log rejects one. Returns the acknowledged values. */
async function produce(
  log: Awaited<ReturnType<typeof open>>['log'],
): Promise<{ acked: string[]; errors: KafkaError[] }> {
  const acked: string[] = [];
  const errors: KafkaError[] = [];
  for (let i = 0; i < 10; i++) {
    try {
      log.append(batchOf([`v${i}`]), client);
      await log.sync();
      acked.push(`v${i}`);
    } catch (e) {
      expect(e).toBeInstanceOf(KafkaError);
      errors.push(e as KafkaError);
    }
  }
  return { acked, errors };
}

describe('if the Nth change to the disk fails', () => {
  for (const kind of ['write', 'sync', 'syncDir', 'create', 'mkdir', 'truncate']) {
    it(`${kind}: no acknowledged record is lost, and no partial batch is read`, async () => {
      for (let nth = 1; ; nth++) {
        const io = newFs();
        const { log } = await open(io, small);
        let count = 0;
        io.beforeOp = (op) => {
          if (op === kind && ++count === nth) throw failing('EIO');
        };
        const { acked, errors } = await produce(log);
        if (count < nth) break;
        if (errors.length > 0) expect(errors[0]!.code).toBe(Errors.KAFKA_STORAGE_ERROR);
        const readable = (await readAllFrom(log)).map((r) => r.value);
        for (const value of acked) expect(readable).toContain(value);
        io.beforeOp = () => {};
        const { log: again } = await open(io.copy(), small);
        const after = (await readAllFrom(again)).map((r) => r.value);
        for (const value of acked) expect(after).toContain(value);
        expect(new Set(after).size).toBe(after.length);
      }
    });
  }

  it('a failed sync is not retried: the log rejects further appends', async () => {
    const io = newFs();
    const { log, warnings } = await open(io);
    log.append(batchOf(['a']), client);
    let syncs = 0;
    io.beforeOp = (op) => {
      if (op === 'sync' && ++syncs === 1) throw failing('EIO');
    };
    await expect(log.sync()).rejects.toMatchObject({ code: Errors.KAFKA_STORAGE_ERROR });
    expect(() => log.append(batchOf(['b']), client)).toThrow(KafkaError);
    await expect(log.sync()).rejects.toMatchObject({ code: Errors.KAFKA_STORAGE_ERROR });
    expect(syncs).toBe(1);
    expect(warnings).toHaveLength(1);
    expect((await readAllFrom(log)).map((r) => r.value)).toEqual(['a']);
  });

  it('on a full disk an append fails completely, and the next one succeeds once there is space', async () => {
    const io = newFs();
    const { log } = await open(io);
    log.append(batchOf(['a']), client);
    io.maxWrite = 40;
    let writes = 0;
    io.beforeOp = (op) => {
      if (op === 'write' && ++writes === 2) throw failing('ENOSPC');
    };
    expect(() => log.append(batchOf(['b']), client)).toThrow(/ENOSPC/);
    io.beforeOp = () => {};
    expect(log.append(batchOf(['c']), client).baseOffset).toBe(1);
    await log.sync();
    const { log: again, warnings } = await open(io.copy());
    expect((await readAllFrom(again)).map((r) => r.value)).toEqual(['a', 'c']);
    expect(warnings).toEqual([]);
  });

  it('short writes are continued', async () => {
    const io = newFs();
    io.maxWrite = 7;
    const { log } = await open(io);
    log.append(batchOf(['a', 'b', 'c']), client);
    await log.close();
    expect((await readAllFrom((await open(io)).log)).map((r) => r.value)).toEqual(['a', 'b', 'c']);
  });
});

describe('group commit', () => {
  it('completes all waiting appends with one sync', async () => {
    const io = newFs();
    const { log } = await open(io);
    log.append(batchOf(['first']), client);
    await log.sync();
    let syncs = 0;
    io.beforeOp = (op) => {
      if (op === 'sync') syncs++;
    };
    const waits = [];
    for (let i = 0; i < 50; i++) {
      log.append(batchOf([`v${i}`]), client);
      waits.push(log.sync());
    }
    await Promise.all(waits);
    expect(syncs).toBe(1);
    await log.sync();
    expect(syncs).toBe(1);
  });
});
