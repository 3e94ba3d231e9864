/** Bytes of a record as a JSON string, written where the output is: nothing is decoded, no string is made of UTF-8. */
import { isUtf8 } from 'node:buffer';
import type { Output } from '../../shared/output.js';

const QUOTE = Buffer.from('"');
const BASE64 = Buffer.from('Base64":"');
const COLON = Buffer.from('":"');
const NULL = Buffer.from('":null');

/** What stands for a byte in a JSON string; undefined: itself. */
const ESCAPED = Array.from({ length: 128 }, (_, byte) => {
  const text = JSON.stringify(String.fromCharCode(byte)).slice(1, -1);
  return text.length === 1 ? undefined : Buffer.from(text);
});
const CLEAN = 0;
const ESCAPE = 1;
const BEYOND_ASCII = 2;
const KIND = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte > 127 ? BEYOND_ASCII : ESCAPED[byte] ? ESCAPE : CLEAN,
);

/**
 * `"NAME":"…"` of data[start, start + length), `"NAMEBase64":"…"` where that is not UTF-8, `"NAME":null` for a length
 * below 0. `open` is `"NAME`.
 */
export function jsonField(out: Output, open: Buffer, data: Buffer, start: number, length: number): void {
  out.all(open);
  if (length < 0) return out.all(NULL);
  const end = start + length;
  let kinds = 0;
  for (let at = start; at < end; at++) kinds |= KIND[data[at] as number] as number;
  if (kinds & BEYOND_ASCII && !isUtf8(data.subarray(start, end))) {
    out.all(BASE64);
    out.text(data.toString('base64', start, end));
  } else {
    out.all(COLON);
    if (kinds & ESCAPE) escaped(out, data, start, end);
    else out.bytes(data, start, end);
  }
  out.all(QUOTE);
}

function escaped(out: Output, data: Buffer, start: number, end: number): void {
  let from = start;
  for (let at = start; at < end; at++) {
    const byte = data[at] as number;
    if (KIND[byte] !== ESCAPE) continue;
    out.bytes(data, from, at);
    out.all(ESCAPED[byte] as Buffer);
    from = at + 1;
  }
  out.bytes(data, from, end);
}
