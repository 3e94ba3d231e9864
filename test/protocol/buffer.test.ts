import { describe, expect, test } from 'vitest';
import { ProtocolError, Reader, Writer } from '../../src/protocol/wire/buffer.js';

const written = (write: (w: Writer) => void): Buffer => {
  const w = new Writer(1);
  write(w);
  expect(w.toBuffer().length).toBe(w.length);
  expect(Buffer.concat(w.chunks())).toEqual(w.toBuffer());
  return w.toBuffer();
};

describe('unsigned varints', () => {
  test.each([
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [300, 'ac02'],
    [16383, 'ff7f'],
    [2 ** 31 - 1, 'ffffffff07'],
    [2 ** 31, '8080808008'],
    [2 ** 32 - 1, 'ffffffff0f'],
  ])('%d is %s', (value, hex) => {
    const bytes = written((w) => w.uvarint(value));
    expect(bytes.toString('hex')).toBe(hex);
    expect(new Reader(bytes).uvarint()).toBe(value);
  });
  test('a negative number is encoded as 32 unsigned bits, like in Java', () => {
    expect(written((w) => w.uvarint(-1)).toString('hex')).toBe('ffffffff0f');
  });
  test('a varint can be longer than necessary, but not longer than 5 bytes', () => {
    expect(new Reader(Buffer.from('808000', 'hex')).uvarint()).toBe(0);
    expect(() => new Reader(Buffer.from('808080808000', 'hex')).uvarint()).toThrow(ProtocolError);
    expect(() => new Reader(Buffer.from('8080', 'hex')).uvarint()).toThrow(ProtocolError);
  });
});

describe('fixed widths', () => {
  const extremes: [string, (w: Writer) => void, (r: Reader) => unknown, unknown][] = [
    ['int8 low', (w) => w.int8(-128), (r) => r.int8(), -128],
    ['int8 high', (w) => w.int8(127), (r) => r.int8(), 127],
    ['int16 low', (w) => w.int16(-32768), (r) => r.int16(), -32768],
    ['uint16 high', (w) => w.uint16(65535), (r) => r.uint16(), 65535],
    ['int32 low', (w) => w.int32(-(2 ** 31)), (r) => r.int32(), -(2 ** 31)],
    ['uint32 high', (w) => w.uint32(2 ** 32 - 1), (r) => r.uint32(), 2 ** 32 - 1],
    ['int64 low', (w) => w.int64(-(2n ** 63n)), (r) => r.int64(), -(2n ** 63n)],
    ['int64 high', (w) => w.int64(2n ** 63n - 1n), (r) => r.int64(), 2n ** 63n - 1n],
    ['float64', (w) => w.float64(-0.1), (r) => r.float64(), -0.1],
    ['float64 endless', (w) => w.float64(Number.NEGATIVE_INFINITY), (r) => r.float64(), Number.NEGATIVE_INFINITY],
    ['bool', (w) => w.bool(true), (r) => r.bool(), true],
    ['uuid', (w) => w.uuid('_-8AAAAAAAAAAAAAAAAAAQ'), (r) => r.uuid(), '_-8AAAAAAAAAAAAAAAAAAQ'],
  ];
  test.each(extremes)('%s', (_, write, read, value) => {
    const reader = new Reader(written(write));
    expect(read(reader)).toBe(value);
    expect(reader.remaining).toBe(0);
  });
  test.each(extremes)('%s, cut', (_, write, read) => {
    const bytes = written(write);
    for (let end = 0; end < bytes.length; end++) {
      expect(() => read(new Reader(bytes.subarray(0, end)))).toThrow(ProtocolError);
      expect(() => read(new Reader(bytes, 0, end))).toThrow(ProtocolError);
    }
  });
  test('values out of range are rejected', () => {
    expect(() => written((w) => w.int16(40000))).toThrow(RangeError);
    expect(() => written((w) => w.int32(2 ** 31))).toThrow(RangeError);
    expect(() => written((w) => w.int64(2n ** 63n))).toThrow(RangeError);
    for (const id of ['', 'short', 'AAAAAAAAAAAAAAAAAAAAAAA', '!!!!!!!!!!!!!!!!!!!!!!'])
      expect(() => written((w) => w.uuid(id))).toThrow(TypeError);
  });
});

describe('strings and bytes', () => {
  const text = 'ünïcödé 😀 \u0000';
  test.each([
    ['string', (w: Writer) => w.string(text), (r: Reader) => r.string(), text],
    ['compact', (w: Writer) => w.compactString(text), (r: Reader) => r.compactString(), text],
    ['empty', (w: Writer) => w.string(''), (r: Reader) => r.nullableString(), ''],
    ['null', (w: Writer) => w.string(null), (r: Reader) => r.nullableString(), null],
    ['compact null', (w: Writer) => w.compactString(null), (r: Reader) => r.compactNullableString(), null],
    ['null bytes', (w: Writer) => w.bytes(null), (r: Reader) => r.nullableBytes(), null],
    ['compact null bytes', (w: Writer) => w.compactBytes(null), (r: Reader) => r.compactNullableBytes(), null],
  ])('%s', (_, write, read, value) => expect(read(new Reader(written(write)))).toBe(value));

  test('a lone surrogate takes the bytes of its replacement', () => {
    expect(new Reader(written((w) => w.string('a\ud800b'))).string()).toBe('a\ufffdb');
  });
  test('a string in a non-flexible version has at most 32767 bytes', () => {
    expect(new Reader(written((w) => w.string('x'.repeat(32767)))).string()).toHaveLength(32767);
    expect(() => written((w) => w.string('x'.repeat(32768)))).toThrow(RangeError);
    expect(new Reader(written((w) => w.compactString('x'.repeat(70000)))).compactString()).toHaveLength(70000);
  });
  test.each([
    ['string', 'ffff', (r: Reader) => r.string()],
    ['compact string', '00', (r: Reader) => r.compactString()],
    ['bytes', 'ffffffff', (r: Reader) => r.bytes()],
    ['compact bytes', '00', (r: Reader) => r.compactBytes()],
  ])('null where a %s must be', (_, hex, read) => {
    expect(() => read(new Reader(Buffer.from(hex, 'hex')))).toThrow(ProtocolError);
  });
  test.each([
    ['string', '7fff61', (r: Reader) => r.string()],
    ['bytes', '7fffffff61', (r: Reader) => r.bytes()],
    ['compact bytes', 'ffffffff0f61', (r: Reader) => r.compactBytes()],
    ['compact string', 'ffffffff0f61', (r: Reader) => r.compactNullableString()],
  ])('a length that lies: %s', (_, hex, read) => {
    expect(() => read(new Reader(Buffer.from(hex, 'hex')))).toThrow(ProtocolError);
  });
});

describe('the writer', () => {
  test('references large buffers instead of copying them', () => {
    const big = Buffer.alloc(100_000, 7);
    const w = new Writer();
    w.int32(1);
    w.records([big, Buffer.from('ab')]);
    w.int8(9);
    expect(w.chunks().some((chunk) => chunk === big)).toBe(true);
    const reader = new Reader(w.toBuffer());
    expect(reader.int32()).toBe(1);
    expect(reader.bytes()).toEqual(Buffer.concat([big, Buffer.from('ab')]));
    expect(reader.int8()).toBe(9);
    expect(w.length).toBe(4 + 4 + 100_002 + 1);
  });
  test('appends another writer without copying its chunks', () => {
    const big = Buffer.alloc(10_000, 1);
    const inner = new Writer();
    inner.compactBytes(big);
    const outer = new Writer();
    outer.int8(5);
    outer.append(inner);
    expect(outer.toBuffer()).toEqual(Buffer.concat([Buffer.from([5]), inner.toBuffer()]));
    expect(outer.chunks().some((chunk) => chunk === big)).toBe(true);
  });
  test('has the length of the bytes written, however it grew', () => {
    const w = new Writer(1);
    for (let i = 0; i < 5000; i++) w.compactString('ab');
    expect(w.length).toBe(15_000);
  });
});

describe('unknown tags', () => {
  test('are skipped', () => {
    const reader = new Reader(Buffer.from('02000161050262632a', 'hex'));
    reader.skipTags();
    expect(reader.int8()).toBe(0x2a);
  });
  test('a count that is too high fails at the end of the bytes', () => {
    expect(() => new Reader(Buffer.from('ffffffff0f0000', 'hex')).skipTags()).toThrow(ProtocolError);
  });
});
