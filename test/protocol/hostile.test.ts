/** Malformed bytes: a decoder throws a ProtocolError, and neither reads past the end nor allocates by an invalid count. */
import { describe, expect, test } from 'vitest';
import { ProtocolError, Reader, Writer } from '../../src/protocol/wire/buffer.js';
import { codec } from '../../src/protocol/wire/codec.js';
import { type Body, bodies, random, sample } from './samples.js';

function bytesOf(body: Body): Buffer {
  const writer = new Writer();
  codec(body.fields, body.version, body.flexible).encode(
    sample(body.fields, body.version, 'full', random(body.version + 3)) as never,
    writer,
  );
  return writer.toBuffer();
}
function outcome(body: Body, bytes: Buffer): unknown {
  try {
    return codec(body.fields, body.version, body.flexible).decode(new Reader(bytes));
  } catch (error) {
    return error;
  }
}

describe('every message in every version', () => {
  const all = [...bodies()];

  test.each(all)('$title truncated anywhere is a ProtocolError', (body) => {
    const bytes = bytesOf(body);
    const wrong: number[] = [];
    for (let end = 0; end < bytes.length; end++) {
      if (!(outcome(body, bytes.subarray(0, end)) instanceof ProtocolError)) wrong.push(end);
    }
    expect(wrong).toEqual([]);
  });

  test.each(all)('$title with any byte set to an extreme value decodes or is a ProtocolError', (body) => {
    const bytes = bytesOf(body);
    const wrong: string[] = [];
    for (let at = 0; at < bytes.length; at++) {
      for (const lie of [[0xff], [0x7f, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0xff, 0x0f], [0x80, 0, 0, 0]]) {
        const twisted = Buffer.from(bytes);
        lie.forEach((byte, i) => {
          if (at + i < twisted.length) twisted[at + i] = byte;
        });
        const result = outcome(body, twisted);
        if (result instanceof Error && !(result instanceof ProtocolError)) wrong.push(`${at}: ${result}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

test('a count that is too high allocates nothing', () => {
  const before = process.memoryUsage().heapUsed;
  for (const count of [0x7fffffff, 0x10000000, 17]) {
    const reader = new Reader(Buffer.concat([int32(count), Buffer.alloc(16)]));
    expect(() => reader.count(false)).toThrow(ProtocolError);
  }
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(20e6);
});

const int32 = (n: number): Buffer => {
  const b = Buffer.alloc(4);
  b.writeInt32BE(n);
  return b;
};
