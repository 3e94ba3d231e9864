/** Parsing of a line's headers, through both code paths of the encoder: byte by byte, and pair by pair. */
import { describe, expect, it } from 'vitest';
import { HeaderEncoder } from '../../src/commands/console/producer/headers.js';
import type { ReaderConfig } from '../../src/commands/console/producer/reader-config.js';
import { putVarint } from '../../src/protocol/records/varint.js';

const config = (over: Partial<ReaderConfig> = {}): ReaderConfig => ({
  parseKey: false,
  keySeparator: Buffer.from('\t'),
  parseHeaders: true,
  headersDelimiter: Buffer.from('\t'),
  headersSeparator: Buffer.from(','),
  headersKeySeparator: Buffer.from(':'),
  nullMarker: null,
  ignoreError: false,
  ...over,
});

const bytesOf = (text: string): Buffer => {
  const length = Buffer.alloc(5);
  return Buffer.concat([length.subarray(0, putVarint(length, 0, Buffer.byteLength(text))), Buffer.from(text)]);
};
/** The expected headers: pairs between separators, each split at its first key separator. */
function expected(pairs: [string, string][]): Buffer {
  const count = Buffer.alloc(5);
  const head = count.subarray(0, putVarint(count, 0, pairs.length));
  return Buffer.concat([head, ...pairs.flatMap(([k, v]) => [bytesOf(k), bytesOf(v)])]);
}
function encode(encoder: HeaderEncoder, text: string): Buffer {
  const line = Buffer.from(`>>${text}<<`);
  const end = encoder.encode(line, 2, line.length - 2, 7);
  return Buffer.from(encoder.out.subarray(0, end));
}

describe.each([
  ['as they mostly are', config()],
  ['where a marker may stand for null', config({ nullMarker: Buffer.from('NULL') })],
])('headers %s', (_, settings) => {
  it.each<[string, [string, string][]]>([
    ['one', [['h', 'v']]],
    [
      'several',
      [
        ['h1', 'v1'],
        ['h2', 'x'],
        ['', ''],
        ['k', 'a:b:c'],
      ],
    ],
    [
      '63 and 64 bytes',
      [
        ['k'.repeat(63), 'v'.repeat(63)],
        ['k'.repeat(64), 'v'],
        ['k', 'v'.repeat(64)],
      ],
    ],
    ['long', [['k'.repeat(300), 'ü'.repeat(9000)]]],
    ['63', Array.from({ length: 63 }, (_, i): [string, string] => [`h${i}`, `${i}`])],
    ['64', Array.from({ length: 64 }, (_, i): [string, string] => [`h${i}`, `${i}`])],
  ])('%s', (_, pairs) => {
    const encoder = new HeaderEncoder(settings);
    const text = pairs.map(([k, v]) => `${k}:${v}`).join(',');
    expect(encode(encoder, text)).toEqual(expected(pairs));
    // trailing empty pairs are dropped
    expect(encode(encoder, `${text},,`)).toEqual(expected(pairs));
  });

  it('the error for a pair without a separator names the pair and the line', () => {
    const encoder = new HeaderEncoder(settings);
    for (const text of ['a:b,c', 'a:b,,c:d', 'ab'])
      expect(() => encode(encoder, text)).toThrow(/No header key separator found in pair '(c||ab)' on line number 7/);
  });
});
