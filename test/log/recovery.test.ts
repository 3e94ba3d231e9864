import { describe, expect, it } from 'vitest';
import { Errors, KafkaError } from '../../src/protocol/errors.js';
import { batchOf, client, DIR, newFs, open, readAllFrom, recordsIn } from './support.js';

const FILE = `${DIR}/00000000000000000000.log`;

async function smallLog(batches: number) {
  const io = newFs();
  const { log } = await open(io);
  const ends = [0];
  for (let i = 0; i < batches; i++) {
    log.append(batchOf([`a${i}`, `b${i}`]), client);
    ends.push(log.sizeBytes);
  }
  return { io, log, ends };
}

describe('a torn tail', () => {
  it('cut at every byte leaves the complete batches before it', async () => {
    const { io, ends } = await smallLog(4);
    const whole = io.content(FILE);
    for (let size = 0; size <= whole.length; size++) {
      const copy = io.copy();
      copy.put(FILE, whole.subarray(0, size));
      const { log, warnings } = await open(copy);
      const batches = ends.filter((end) => end <= size).length - 1;
      expect(log.logEndOffset).toBe(2 * batches);
      expect((await readAllFrom(log)).map((r) => r.offset)).toEqual([...Array(2 * batches).keys()]);
      expect(warnings.length).toBe(ends.includes(size) ? 0 : 1);
      expect(copy.content(FILE).length).toBe(ends[batches]);
      // appends continue from there
      expect(log.append(batchOf(['next']), client).baseOffset).toBe(2 * batches);
      expect((await readAllFrom(log)).at(-1)?.value).toBe('next');
    }
  });

  it('of zeros or garbage is truncated', async () => {
    const { io } = await smallLog(3);
    for (const tail of [Buffer.alloc(10_000), Buffer.alloc(300, 0x5a)]) {
      const copy = io.copy();
      copy.put(FILE, Buffer.concat([io.content(FILE), tail]));
      const { log, warnings } = await open(copy);
      expect(log.logEndOffset).toBe(6);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain(`cut ${tail.length} bytes`);
    }
  });
});

/** The value written at each offset, or CORRUPT_MESSAGE; anything else fails. */
async function readWhatIsLeft(log: Awaited<ReturnType<typeof open>>['log'], end: number) {
  const good = new Map<number, string | null>();
  const corrupt: number[] = [];
  for (let offset = 0; offset < end; offset++) {
    try {
      const { records } = await log.read(offset, 4096, { minOne: true, upTo: end, aborted: false });
      for (const r of recordsIn(records)) good.set(r.offset, r.value);
    } catch (e) {
      expect((e as KafkaError).code).toBe(Errors.CORRUPT_MESSAGE);
      corrupt.push(offset);
    }
  }
  return { good, corrupt };
}

describe('each bit flipped', () => {
  it('in synced data: reported, kept, never served, never truncated', async () => {
    const { io, log, ends } = await smallLog(3);
    await log.sync();
    await log.close();
    const whole = io.content(FILE);
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const byte = bit >> 3;
      const batch = ends.findIndex((end) => end > byte) - 1;
      // the leader epoch is not covered by the CRC, and is irrelevant on a single node
      if (byte - ends[batch]! >= 12 && byte - ends[batch]! < 16) continue;
      const copy = io.copy();
      const bent = Buffer.from(whole);
      bent[byte]! ^= 1 << (bit & 7);
      copy.put(FILE, bent);
      const { log: again, warnings } = await open(copy);
      expect(warnings.length, `bit ${bit}`).toBeGreaterThan(0);
      expect(copy.content(FILE).length).toBe(whole.length);
      const { good, corrupt } = await readWhatIsLeft(again, 6);
      expect(corrupt, `bit ${bit}`).toContain(2 * batch);
      for (const [offset, value] of good) expect(value).toBe(`${offset % 2 ? 'b' : 'a'}${offset >> 1}`);
      for (let offset = 0; offset < 6; offset++) {
        if (offset >> 1 !== batch) expect(good.has(offset), `bit ${bit}, offset ${offset}`).toBe(true);
      }
      // if the last batch is corrupt the log end offset is unknown, and appends are rejected
      if (batch === 2) expect(() => again.append(batchOf(['x']), client)).toThrow(KafkaError);
      else expect(again.append(batchOf(['x']), client).baseOffset).toBe(6);
    }
  });

  it('in a batch that was never synced: truncated if it is the last, kept if a valid one follows', async () => {
    const { io, ends } = await smallLog(3);
    const whole = io.content(FILE);
    for (let byte = 0; byte < whole.length; byte++) {
      const batch = ends.findIndex((end) => end > byte) - 1;
      if (byte - ends[batch]! >= 12 && byte - ends[batch]! < 16) continue;
      const copy = io.copy();
      const bent = Buffer.from(whole);
      bent[byte]! ^= 0x10;
      copy.put(FILE, bent);
      const { log, warnings } = await open(copy);
      expect(warnings.length).toBeGreaterThan(0);
      if (batch === 2) {
        expect(log.logEndOffset).toBe(4);
        expect((await readAllFrom(log)).length).toBe(4);
      } else {
        const { good, corrupt } = await readWhatIsLeft(log, 6);
        expect(corrupt).toContain(2 * batch);
        expect(good.size).toBe(4);
      }
    }
  });

  it('while the log is open: detected by a read from disk', async () => {
    const { io, log } = await smallLog(4);
    await log.close();
    const { log: again, warnings } = await open(io);
    io.content(FILE)[io.content(FILE).length - 3]! ^= 1;
    await expect(again.read(6, 1000, { minOne: true, upTo: 8, aborted: false })).rejects.toThrow(KafkaError);
    expect((await again.read(0, 10_000, { minOne: true, upTo: 8, aborted: false })).sizeInBytes).toBeGreaterThan(0);
    expect(warnings).toHaveLength(1);
  });
});

describe('sealed segments', () => {
  async function rolled() {
    const io = newFs();
    const { log } = await open(io, { segmentBytes: 400, indexIntervalBytes: 100 });
    for (let i = 0; i < 20; i++) log.append(batchOf([`v${i}`]), client);
    await log.sync();
    await log.close();
    expect(log.segments.length).toBeGreaterThan(3);
    return { io, names: io.list(DIR) };
  }
  const over = { segmentBytes: 400, indexIntervalBytes: 100 };

  it('are readable even if an index or checkpoint is missing, empty, truncated or garbled', async () => {
    const { io, names } = await rolled();
    const damage = [
      (b: Buffer) => b.subarray(0, 0),
      (b: Buffer) => b.subarray(0, b.length - 1),
      (b: Buffer) => Buffer.alloc(b.length, 0x7f),
      () => Buffer.alloc(10_485_760),
    ];
    for (const name of names.filter((n) => /(index|snapshot|state|checkpoint)$/.test(n))) {
      for (const change of damage) {
        const copy = io.copy();
        copy.put(`${DIR}/${name}`, change(copy.content(`${DIR}/${name}`)));
        const { log } = await open(copy, over);
        expect(
          (await readAllFrom(log)).map((r) => r.value),
          name,
        ).toEqual([...Array(20).keys()].map((i) => `v${i}`));
      }
      const copy = io.copy();
      copy.unlink(`${DIR}/${name}`);
      const { log } = await open(copy, over);
      expect((await readAllFrom(log, 7)).length, name).toBe(13);
    }
  });

  it('that are missing are reported, and reading their offsets fails', async () => {
    const { io, names } = await rolled();
    const logs = names.filter((n) => n.endsWith('.log')).sort();
    const copy = io.copy();
    copy.unlink(`${DIR}/${logs[1]}`);
    const { log, warnings } = await open(copy, over);
    expect(warnings.join()).toMatch(/offsets \d+ to \d+ are missing/);
    await expect(readAllFrom(log)).rejects.toThrow(KafkaError);
    expect((await readAllFrom(log, Number(logs[2]!.slice(0, 20)))).at(-1)?.offset).toBe(19);
  });

  it('with the last one missing, the log rejects appends, since its end is unknown', async () => {
    const { io, names } = await rolled();
    const logs = names.filter((n) => n.endsWith('.log')).sort();
    const copy = io.copy();
    copy.unlink(`${DIR}/${logs.at(-1)}`);
    const { log, warnings } = await open(copy, over);
    expect(warnings.join()).toContain('are missing');
    expect(log.logEndOffset).toBe(20);
    expect(() => log.append(batchOf(['x']), client)).toThrow(KafkaError);
  });

  it('with all of them missing, the log does not restart at 0', async () => {
    const { io, names } = await rolled();
    const copy = io.copy();
    for (const name of names) if (name.endsWith('.log')) copy.unlink(`${DIR}/${name}`);
    await expect(open(copy, over)).rejects.toThrow(`${DIR} holds no segment, where offsets up to 19 had been on disk`);
  });

  it('that cannot be read do not leak open files', async () => {
    const { io } = await rolled();
    const copy = io.copy();
    const { readSync } = copy;
    copy.readSync = (fd, buf, ...rest) => {
      if (buf.length > 200) throw new Error('EIO: injected');
      return readSync.call(copy, fd, buf, ...rest);
    };
    for (const name of copy.list(DIR)) if (name.endsWith('state')) copy.unlink(`${DIR}/${name}`);
    await expect(open(copy, over)).rejects.toThrow('EIO');
    expect(copy.openFiles).toBe(0);
  });
});
