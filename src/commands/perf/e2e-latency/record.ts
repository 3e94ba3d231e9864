/** The messages to send, each one letter repeated, and their comparison with the records read. */
import type { RecordCursor } from '../../../protocol/records/cursor.js';
import { putVarint } from '../../../protocol/records/varint.js';

export interface Sizes {
  readonly value: number;
  readonly key: number;
  readonly headers: number;
  readonly headerKey: number;
  /** -1: null */
  readonly headerValue: number;
}

export interface Message {
  readonly value: Buffer;
  readonly key: Buffer | null;
  /** encoded as in a record, starting with the count */
  readonly headers: Buffer;
}

/** The `i`th message. */
export function messageOf(sizes: Sizes, i: number): Message {
  const letters = (size: number, step: number) => Buffer.alloc(size, 65 + ((i * 7 + step) % 26));
  return {
    value: letters(sizes.value, 0),
    key: sizes.key > 0 ? letters(sizes.key, 3) : null,
    headers: encodeHeaders(sizes, letters),
  };
}

function encodeHeaders(sizes: Sizes, letters: (size: number, step: number) => Buffer): Buffer {
  const { headers, headerKey, headerValue } = sizes;
  const out = Buffer.alloc(10 + headers * (headerKey + Math.max(0, headerValue) + 10));
  let at = putVarint(out, 0, headers);
  for (let i = 0; i < headers; i++) {
    at = putVarint(out, at, headerKey);
    at += letters(headerKey, 5 + i).copy(out, at);
    at = putVarint(out, at, headerValue);
    at += letters(Math.max(0, headerValue), 11 + i).copy(out, at);
  }
  return out.subarray(0, at);
}

/** How the record read differs from the message sent, in Java's words; undefined if it does not. */
export function difference(sent: Message, cursor: RecordCursor): string | undefined {
  const value = cursor.value() ?? Buffer.alloc(0);
  const key = cursor.key();
  if (!value.equals(sent.value))
    return `The message value read [${value}] did not match the message value sent [${sent.value}]`;
  if (sent.key !== null && key === null) return 'Expected message key but received null';
  if (sent.key !== null && !sent.key.equals(key as Buffer))
    return `The message key read [${key}] did not match the message key sent [${sent.key}]`;
  if (sent.key === null && key !== null) return `Expected null message key but received [${key}]`;
  // compare encoded headers; headersStart is after their count
  const headers = cursor.data.subarray(cursor.headersStart, cursor.end);
  const count = sent.headers.length - headers.length;
  if (count < 0 || !sent.headers.subarray(count).equals(headers))
    return 'Header count mismatch between sent and received messages';
  return undefined;
}
