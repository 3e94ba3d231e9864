import { describe, expect, test } from 'vitest';
import { Reader, Writer } from '../../src/protocol/wire/buffer.js';
import { codec } from '../../src/protocol/wire/codec.js';
import { type Body, bodies, type Fill, random, sample } from './samples.js';

const FILLS: Fill[] = ['full', 'nulls', 'empty'];
const encode = (body: Body, value: unknown): Buffer => {
  const writer = new Writer();
  codec(body.fields, body.version, body.flexible).encode(value as never, writer);
  return writer.toBuffer();
};
const decode = (body: Body, bytes: Buffer): { value: unknown; left: number } => {
  const reader = new Reader(bytes);
  const value = codec(body.fields, body.version, body.flexible).decode(reader);
  return { value, left: reader.remaining };
};

describe('every message in every version', () => {
  const all = [...bodies()];
  test('the table is not empty', () => expect(all.length).toBeGreaterThan(600));

  test.each(all)('$title is decoded as encoded', (body) => {
    FILLS.forEach((fill, seed) => {
      const value = sample(body.fields, body.version, fill, random(seed + 1));
      const bytes = encode(body, value);
      const back = decode(body, bytes);
      expect(back.value).toEqual(value);
      expect(back.left).toBe(0);
      expect(encode(body, back.value)).toEqual(bytes);
    });
  });

  test.each(all)('$title uses defaults for missing fields', (body) => {
    const value = sample(body.fields, body.version, 'full', random(7));
    const given = Object.fromEntries(
      Object.entries(value).filter(([name]) => !('versions' in (body.fields[name] as object))),
    );
    const { value: back } = decode(body, encode(body, given));
    for (const [name, field] of Object.entries(body.fields)) {
      if ('versions' in field) expect((back as Record<string, unknown>)[name], name).toEqual(field.default);
    }
  });
});
