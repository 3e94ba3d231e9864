import { readdirSync, readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { generated } from '../../scripts/wasm.mjs';
import { buildBatch, controlBatch } from '../../src/protocol/records/builder.js';
import { CODECS, compress, decompress } from '../../src/protocol/records/compression.js';
import { crc32c } from '../../src/protocol/records/crc32c.js';
import { RecordCursor } from '../../src/protocol/records/cursor.js';
import {
  assignLogAppendTime,
  assignOffset,
  isWholeBatch,
  nextBatch,
  readBatchHeader,
} from '../../src/protocol/records/layout.js';
import { putVarint, putVarlong, varintSize, varlongSize } from '../../src/protocol/records/varint.js';

describe('CRC-32C', () => {
  it('matches the test vectors of RFC 3720 (B.4)', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
    expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
    expect(crc32c(Buffer.from([...Array(32).keys()]))).toBe(0x46dd794e);
    expect(crc32c(Buffer.alloc(0))).toBe(0);
  });

  it('computed in pieces, at any alignment and length, equals the bitwise result', () => {
    const bytes = Buffer.from(Array.from({ length: 70_020 }, (_, i) => (i * 7919 + (i >> 3)) & 255));
    const slow = (start: number, end: number): number => {
      let c = 0xffffffff;
      for (let i = start; i < end; i++) {
        c ^= bytes[i]!;
        for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
      }
      return ~c >>> 0;
    };
    for (const length of [
      70_000, 0, 1, 7, 8, 15, 191, 192, 193, 207, 1000, 2047, 2048, 2049, 4095, 4096, 4127, 4128, 12_289, 32_768,
      65_600, 69_631, 69_632,
    ]) {
      for (let start = 0; start < 5; start++) {
        const expected = slow(start, start + length);
        expect(crc32c(bytes, start, start + length)).toBe(expected);
        const middle = start + Math.floor(length / 3);
        expect(crc32c(bytes, middle, start + length, crc32c(bytes, start, middle))).toBe(expected);
      }
    }
    // not plain CRC-32
    expect(crc32c(bytes)).not.toBe((crc32 as (b: Buffer) => number)?.(bytes));
  });

  it('the WebAssembly module matches its source', async () => {
    const file = new URL('../../src/protocol/records/crc32c-fold.wasm.ts', import.meta.url);
    expect(readFileSync(file, 'utf8')).toBe(await generated());
  });
});

describe('varints', () => {
  const numbers = [0, 1, -1, 63, 64, -64, -65, 8191, 8192, 2 ** 20, 2 ** 27, -(2 ** 27) - 1, 2 ** 31 - 1, -(2 ** 31)];
  it('have the computed sizes, and use Kafka’s zig-zag encoding', () => {
    const buf = Buffer.alloc(16);
    for (const n of numbers) {
      expect(putVarint(buf, 0, n)).toBe(varintSize(n));
      expect(putVarlong(buf, 0, n)).toBe(varlongSize(n));
    }
    for (const n of [2 ** 31, -(2 ** 31) - 1, 2 ** 40, 2 ** 51, -(2 ** 51)])
      expect(putVarlong(buf, 0, n)).toBe(varlongSize(n));
    putVarint(buf, 0, -150);
    expect(buf.subarray(0, 2)).toEqual(Buffer.from([0xab, 0x02]));
  });

  it('round-trip as timestamps and lengths of records', () => {
    const times = [0, 1, 2 ** 31, 2 ** 40, 2 ** 50, 5].map((t) => 10 ** 12 + t);
    const batch = buildBatch({ records: times.map((timestamp) => ({ timestamp, value: 'v' })) });
    const cursor = new RecordCursor();
    cursor.open(batch);
    for (const time of times) {
      expect(cursor.next()).toBe(true);
      expect(cursor.timestamp).toBe(time);
    }
  });
});

/** [offset, key, value, headers] of every record. */
function walk(buf: Buffer): unknown[] {
  const cursor = new RecordCursor();
  const records: unknown[] = [];
  for (let at = 0; at >= 0 && at < buf.length; at = nextBatch(buf, at)) {
    expect(isWholeBatch(buf, at)).toBe(true);
    cursor.open(buf, at);
    while (cursor.next()) {
      const headers: unknown[] = [];
      while (cursor.nextHeader()) {
        const { data, headerKeyStart, headerKeyLength, headerValueStart, headerValueLength } = cursor;
        const key = data.toString('utf8', headerKeyStart, headerKeyStart + headerKeyLength);
        const value = data.toString('utf8', headerValueStart, headerValueStart + Math.max(0, headerValueLength));
        headers.push([key, headerValueLength < 0 ? null : value]);
      }
      records.push([cursor.offset, cursor.key()?.toString() ?? null, cursor.value()?.toString() ?? null, headers]);
    }
  }
  return records;
}

describe('batches of real clients', () => {
  const dir = new URL('../golden/batches/', import.meta.url);
  const greetings = [1, 2, 3, 4, 5].map((i) => [`k${i}`, `héllo wörld ${i}`]);
  const foxes = Array.from({ length: 40 }, (_, i) => [
    `key${i + 1}`,
    `the quick brown fox jumps over the lazy dog, number ${i + 1}`,
  ]);
  const lines = [...greetings, ...foxes];
  const files = readdirSync(dir).filter((name) => name.endsWith('.bin'));
  it('there are ten sample files', () => expect(files).toHaveLength(10));

  it.each(files)('%s', (name) => {
    const file = readFileSync(new URL(name, dir));
    const headers = name.startsWith('kcat')
      ? [
          ['head', 'er'],
          ['nul', null],
        ]
      : [];
    expect(walk(file)).toEqual(lines.map(([key, value], offset) => [offset, key, value, headers]));
    // librdkafka does not compress a batch if that does not make it smaller
    let last = 0;
    while (nextBatch(file, last) < file.length) last = nextBatch(file, last);
    expect(CODECS[readBatchHeader(file, last).codec]).toBe(name.replace(/.*-(.*)\.bin/, '$1'));
  });
});

describe('a batch', () => {
  it('round-trips with every codec', () => {
    for (let codec = 0; codec < 5; codec++) {
      const records = [
        { key: null, value: 'no key' },
        { key: '', value: '' },
        {
          key: 'tombstone',
          value: null,
          headers: [
            { key: 'a', value: null },
            { key: '', value: Buffer.alloc(300, 1) },
          ],
        },
        { key: 'k', value: 'x'.repeat(70_000) },
      ];
      const batch = buildBatch({ codec, records, baseOffset: 2 ** 40 });
      expect(walk(batch)).toEqual(
        records.map((r, i) => [
          2 ** 40 + i,
          r.key,
          r.value,
          (r.headers ?? []).map((h) => [h.key, h.value?.toString() ?? null]),
        ]),
      );
    }
  });

  it('can get an offset and epoch without a new CRC; LogAppendTime needs a new one', () => {
    const batch = buildBatch({ records: [{ value: 'v', timestamp: 5 }] });
    assignOffset(batch, 0, 2 ** 33 + 7, 12);
    expect(isWholeBatch(batch, 0)).toBe(true);
    assignLogAppendTime(batch, 0, 1_700_000_000_000);
    expect(isWholeBatch(batch, 0)).toBe(true);
    expect(readBatchHeader(batch)).toMatchObject({
      baseOffset: 2 ** 33 + 7,
      leaderEpoch: 12,
      logAppendTime: true,
      maxTimestamp: 1_700_000_000_000,
    });
    const cursor = new RecordCursor();
    cursor.open(batch);
    cursor.next();
    expect([cursor.timestamp, cursor.createTime]).toEqual([1_700_000_000_000, 5]);
  });

  it('with a transaction marker has the header, key and value that Kafka writes', () => {
    const batch = controlBatch({ type: 'commit', producerId: 9, producerEpoch: 2, coordinatorEpoch: 4, timestamp: 1 });
    expect(readBatchHeader(batch)).toMatchObject({
      control: true,
      transactional: true,
      producerId: 9,
      baseSequence: -1,
      recordCount: 1,
    });
    const cursor = new RecordCursor();
    cursor.open(batch);
    cursor.next();
    expect(cursor.key()).toEqual(Buffer.from([0, 0, 0, 1]));
    expect(cursor.value()).toEqual(Buffer.from([0, 0, 0, 0, 0, 4]));
  });

  it('with any byte of its records changed fails, or is read within its bounds', () => {
    const batch = buildBatch({
      records: [{ key: 'kk', value: 'vvv', headers: [{ key: 'h', value: 'i' }] }, { value: 'w' }],
    });
    const cursor = new RecordCursor();
    for (let i = 61; i < batch.length; i++) {
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const bent = Buffer.from(batch);
        if (bent[i] === value) continue;
        bent[i] = value;
        expect(isWholeBatch(bent, 0)).toBe(false);
        try {
          cursor.open(bent);
          while (cursor.next()) {
            expect(cursor.keyStart + Math.max(0, cursor.keyLength)).toBeLessThanOrEqual(bent.length);
            expect(cursor.valueStart + Math.max(0, cursor.valueLength)).toBeLessThanOrEqual(cursor.end);
            while (cursor.nextHeader()) expect(cursor.headerValueStart).toBeLessThanOrEqual(cursor.end);
          }
        } catch (e) {
          expect(e).toMatchObject({ error: 'CORRUPT_MESSAGE' });
        }
      }
    }
  });
});

describe('codecs', () => {
  const data = Buffer.from(Array.from({ length: 200_000 }, (_, i) => ((i * i) >> 7) & 255));
  it.each([1, 2, 3, 4])('%i: round-trips, also without data', (codec) => {
    for (const bytes of [data, data.subarray(0, 1), Buffer.alloc(0), Buffer.alloc(40_000)]) {
      expect(decompress(codec, compress(codec, bytes)).equals(bytes)).toBe(true);
    }
  });

  it.each([1, 2, 3, 4])('%i: a decompression bomb is rejected at the size limit', (codec) => {
    const bomb = compress(codec, Buffer.alloc(12 << 20));
    expect(() => decompress(codec, bomb, 1 << 20)).toThrow(expect.objectContaining({ error: 'CORRUPT_MESSAGE' }));
    expect(decompress(codec, compress(codec, Buffer.alloc(1 << 20)), 8 << 20).length).toBe(1 << 20);
  });

  it.each([1, 2, 3, 4])('%i: truncated or garbled input fails only with CORRUPT_MESSAGE', (codec) => {
    const good = compress(codec, data.subarray(0, 3000));
    for (let size = 0; size < good.length - 1; size += 29) {
      try {
        expect(decompress(codec, good.subarray(0, size)).length).toBeLessThan(3001);
      } catch (e) {
        expect(e).toMatchObject({ error: 'CORRUPT_MESSAGE' });
      }
    }
    for (let i = 0; i < good.length; i += 19) {
      const bent = Buffer.from(good);
      bent[i]! ^= 0xa5;
      try {
        decompress(codec, bent, 1 << 20);
      } catch (e) {
        expect(e).toMatchObject({ error: 'CORRUPT_MESSAGE' });
      }
    }
  });

  it('a raw snappy block without xerial framing can be read', () => {
    const framed = compress(2, data.subarray(0, 1000));
    expect(decompress(2, framed.subarray(20)).equals(data.subarray(0, 1000))).toBe(true);
  });
});
