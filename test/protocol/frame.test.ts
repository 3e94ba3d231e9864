import { describe, expect, test } from 'vitest';
import { metadata } from '../../src/protocol/apis/03-metadata.js';
import { apiVersions } from '../../src/protocol/apis/18-api-versions.js';
import { ProtocolError, Reader } from '../../src/protocol/wire/buffer.js';
import {
  decodeRequestBody,
  decodeRequestHeader,
  decodeResponse,
  encodeRequest,
  encodeResponse,
} from '../../src/protocol/wire/frame.js';
import { FrameBuffer } from '../../src/protocol/wire/frame-buffer.js';

const frame = (body: string): Buffer => {
  const size = Buffer.alloc(4);
  size.writeInt32BE(Buffer.byteLength(body));
  return Buffer.concat([size, Buffer.from(body)]);
};
const read = (chunks: Buffer[], limit = 100): string[] => {
  const reader = new FrameBuffer(limit);
  const frames: string[] = [];
  for (const chunk of chunks) reader.push(chunk, (f) => frames.push(f.toString()));
  return frames;
};

describe('cutting a stream into frames', () => {
  const stream = Buffer.concat([frame('one'), frame(''), frame('a longer one'), frame('4')]);
  const whole = ['one', '', 'a longer one', '4'];
  test('received at once', () => expect(read([stream])).toEqual(whole));
  test('received byte by byte', () => expect(read([...stream].map((b) => Buffer.from([b])))).toEqual(whole));
  test('received in two parts, split anywhere', () => {
    for (let at = 0; at <= stream.length; at++)
      expect(read([stream.subarray(0, at), stream.subarray(at)]), `${at}`).toEqual(whole);
  });
  test('a large frame is read directly into its final buffer', () => {
    const size = 300_000;
    const reader = new FrameBuffer(size);
    const bytes = frame('x'.repeat(size));
    const frames: Buffer[] = [];
    const rooms = new Set<ArrayBufferLike>();
    for (let at = 0; at < bytes.length; ) {
      const room = reader.room();
      rooms.add(room.buffer);
      const taken = Math.min(room.length, bytes.length - at);
      bytes.copy(room, 0, at, at + taken);
      reader.filled(room, taken, (f) => frames.push(f));
      at += taken;
    }
    expect(frames.map(String)).toEqual(['x'.repeat(size)]);
    expect(rooms).toContain(frames[0]!.buffer);
  });
  test('waits for an incomplete frame', () => {
    const reader = new FrameBuffer(100);
    reader.push(stream.subarray(0, 5), () => expect.unreachable());
    expect(reader.pending).toBe(5);
  });
  test.each([
    ['negative', -1],
    ['too big', 101],
    ['absurd', 0x7fffffff],
  ])('refuses a size that is %s', (_, size) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(size);
    expect(() => read([bytes])).toThrow(ProtocolError);
  });
  test('accepts a size at the limit', () => expect(read([frame('x'.repeat(100))])).toEqual(['x'.repeat(100)]));
  test('an HTTP request is not a frame', () => {
    expect(() => read([Buffer.from('GET / HTTP/1.1\r\n\r\n')], 100 * 1024 * 1024)).toThrow(ProtocolError);
  });
});

describe('headers', () => {
  const body = { topics: [{ name: 't' }], allowAutoTopicCreation: false };
  test.each([1, 8, 9, 13])('a Metadata v%d request is decoded as encoded', (version) => {
    const bytes = Buffer.concat(encodeRequest(metadata, version, { correlationId: 77, clientId: 'me' }, body));
    expect(bytes.readInt32BE(0)).toBe(bytes.length - 4);
    const reader = new Reader(bytes, 4);
    expect(decodeRequestHeader(reader)).toEqual({ apiKey: 3, apiVersion: version, correlationId: 77, clientId: 'me' });
    expect(decodeRequestBody(metadata, version, reader)).toMatchObject({ topics: [{ name: 't' }] });
  });
  test('trailing bytes after the body are an error', () => {
    const bytes = Buffer.concat([
      ...encodeRequest(metadata, 4, { correlationId: 1, clientId: null }, body),
      Buffer.alloc(1),
    ]);
    const reader = new Reader(bytes, 4);
    expect(decodeRequestHeader(reader).clientId).toBeNull();
    expect(() => decodeRequestBody(metadata, 4, reader)).toThrow(ProtocolError);
  });
  test.each([2, 3, 4])('the response to ApiVersions v%d has a header without tags', (version) => {
    const value = { errorCode: 0, apiKeys: [{ apiKey: 3, minVersion: 0, maxVersion: 13 }], throttleTimeMs: 0 };
    const bytes = Buffer.concat(encodeResponse(apiVersions, version, 5, value));
    expect(bytes.readInt32BE(4)).toBe(5);
    expect(bytes.readInt16BE(8)).toBe(0);
    expect(decodeResponse(apiVersions, version, new Reader(bytes, 8))).toMatchObject(value);
  });
});
