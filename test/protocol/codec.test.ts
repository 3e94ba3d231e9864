import { describe, expect, test } from 'vitest';
import { ProtocolError, Reader, Writer } from '../../src/protocol/wire/buffer.js';
import { codec, decodeMessage, encodeMessage } from '../../src/protocol/wire/codec.js';
import {
  array,
  type Fields,
  int8,
  int16,
  int32,
  int64,
  message,
  nullable,
  optional,
  since,
  string,
  struct,
  tagged,
  uuid,
  ZERO_UUID,
} from '../../src/protocol/wire/schema.js';

const encode = (fields: Fields, version: number, flexible: boolean, value: any): string => {
  const w = new Writer();
  codec(fields, version, flexible).encode(value, w);
  return w.toBuffer().toString('hex');
};
const decode = (fields: Fields, version: number, flexible: boolean, hex: string): any =>
  codec(fields, version, flexible).decode(new Reader(Buffer.from(hex, 'hex')));

describe('a nullable struct', () => {
  const make = () => ({ point: nullable(struct({ x: int8 })), after: int8 });
  const fields = make();
  test('is a marker byte and its fields', () => {
    expect(encode(fields, 0, false, { point: { x: 5 }, after: 7 })).toBe('010507');
    expect(decode(fields, 0, false, '010507')).toEqual({ point: { x: 5 }, after: 7 });
  });
  test('is the byte -1 if null', () => {
    expect(encode(fields, 0, false, { point: null, after: 7 })).toBe('ff07');
    expect(decode(fields, 0, false, 'ff07')).toEqual({ point: null, after: 7 });
  });
  test('has its own tagged fields in flexible versions', () => {
    expect(encode(make(), 0, true, { point: { x: 5 }, after: 7 })).toBe('0105000700');
  });
  test('can be null only in versions that allow it', () => {
    const later = { point: nullable(struct({ x: int8 }), '2+') };
    expect(encode(later, 1, false, { point: { x: 5 } })).toBe('05');
    expect(encode(later, 2, false, { point: { x: 5 } })).toBe('0105');
    expect(() => encode(later, 1, false, { point: null })).toThrow();
  });
});

describe('tagged fields', () => {
  const inner = struct({ id: int8, name: tagged(0, '0+', string, 'none') });
  const make = () => ({
    first: int8,
    whole: tagged(1, '0+', struct({ a: int16, b: tagged(0, '0+', array(int8)) })),
    list: tagged(0, '0+', nullable(array(inner)), null),
    late: tagged(7, '2+', int64, -1n),
  });
  const fields = make();
  test('are written only if they differ from their default', () => {
    expect(encode(fields, 2, true, { first: 1 })).toBe('0100');
    expect(encode(fields, 2, true, { first: 1, whole: { a: 0, b: [] }, list: null, late: -1n })).toBe('0100');
    expect(decode(fields, 2, true, '0100')).toEqual({ first: 1, whole: { a: 0, b: [] }, list: null, late: -1n });
  });
  test('are written in the order of their tags, also nested ones', () => {
    const value = {
      first: 1,
      whole: { a: 2, b: [3] },
      list: [
        { id: 4, name: 'x' },
        { id: 5, name: 'none' },
      ],
      late: 6n,
    };
    const list = '0009' + '03' + '04' + '01' + '00020278' + '0500';
    const whole = '0107' + '0002' + '01' + '00020203';
    const late = '0708' + '0000000000000006';
    const sized = `0103${list}${whole}${late}`;
    expect(encode(fields, 2, true, value)).toBe(sized);
    expect(decode(fields, 2, true, sized)).toEqual(value);
  });
  test('outside their versions are not written, and unknown ones are skipped', () => {
    expect(encode(fields, 1, true, { first: 1, late: 6n })).toBe('0100');
    expect(decode(fields, 1, true, `01010708${'00'.repeat(7)}06`)).toMatchObject({ first: 1, late: -1n });
  });
  test('do not exist in versions that are not flexible', () => {
    expect(encode(make(), 2, false, { first: 1, late: 6n })).toBe('01');
  });
  test('must have exactly the size they declare', () => {
    expect(() => decode(fields, 2, true, `01010709${'00'.repeat(9)}`)).toThrow(ProtocolError);
    expect(() => decode(fields, 2, true, `01010707${'00'.repeat(8)}`)).toThrow(ProtocolError);
  });
  test('default structs are not shared between decoded values', () => {
    const one = decode(fields, 2, true, '0100');
    one.whole.a = 99;
    one.whole.b.push(1);
    expect(decode(fields, 2, true, '0100').whole).toEqual({ a: 0, b: [] });
  });
});

describe('fields of some versions', () => {
  const fields = { a: since('1-2', int32, 9), b: since('2+', string), c: optional(uuid) };
  test('are written in those versions, and read as their default in others', () => {
    expect(encode(fields, 0, false, { a: 1, b: 'x' })).toBe('00'.repeat(16));
    expect(encode(fields, 1, false, { a: 1, b: 'x' })).toBe(`00000001${'00'.repeat(16)}`);
    expect(encode(fields, 2, false, {})).toBe(`000000090000${'00'.repeat(16)}`);
    expect(decode(fields, 3, false, `000178${'00'.repeat(16)}`)).toEqual({ a: 9, b: 'x', c: ZERO_UUID });
  });
});

describe('null in a non-nullable field', () => {
  test.each([
    ['string', { a: string }],
    ['array', { a: array(int8) }],
    ['struct', { a: struct({ b: string }) }],
  ])('%s is rejected by the encoder', (_, fields) => {
    expect(() => encode(fields, 0, false, { a: null })).toThrow(TypeError);
    expect(() => encode(fields, 0, true, { a: null })).toThrow(TypeError);
  });
  test('is rejected by the decoder', () => {
    expect(() => decode({ a: array(int8) }, 0, false, 'ffffffff')).toThrow(ProtocolError);
    expect(() => decode({ a: array(int8) }, 0, true, '0000')).toThrow(ProtocolError);
  });
});

test('a message in an unsupported version is rejected', () => {
  const m = message({ name: 'M', versions: [1, 2], flexible: 2, fields: { a: int8 } });
  expect(decodeMessage(m, 2, new Reader(encodeMessage(m, 2, { a: 3 })))).toEqual({ a: 3 });
  expect(() => decodeMessage(m, 3, new Reader(Buffer.alloc(9)))).toThrow('M version 3 is not one of 1 to 2');
});
