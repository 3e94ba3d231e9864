/** As much of ASN.1's DER as key stores need: reading tagged values, nothing else. */

/** A tag, and where its content lies. */
export interface Der {
  readonly tag: number;
  /** the content */
  readonly body: Buffer;
  /** tag, length and content */
  readonly whole: Buffer;
}

/** Bytes that are not the DER they should be. */
export class DerError extends Error {}

export const TAG = {
  integer: 2,
  octets: 4,
  oid: 6,
  sequence: 0x30,
  set: 0x31,
  explicit0: 0xa0,
  implicit0: 0x80,
} as const;

function readOne(bytes: Buffer, at: number): Der {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) throw new DerError('cut short');
  let start = at + 2;
  let length = first;
  if (first === 0x80) return readIndefinite(bytes, at, tag);
  if (first > 0x80) {
    const size = first & 0x7f;
    if (size > 4 || start + size > bytes.length) throw new DerError('a length that cannot be');
    length = bytes.readUIntBE(start, size);
    start += size;
  }
  if (start + length > bytes.length) throw new DerError('cut short');
  return { tag, body: bytes.subarray(start, start + length), whole: bytes.subarray(at, start + length) };
}

/** BER's indefinite length, which some tools write around encrypted content. */
function readIndefinite(bytes: Buffer, at: number, tag: number): Der {
  const parts: Buffer[] = [];
  let next = at + 2;
  for (;;) {
    if (bytes[next] === 0 && bytes[next + 1] === 0) break;
    const part = readOne(bytes, next);
    parts.push(part.whole);
    next += part.whole.length;
  }
  return { tag, body: Buffer.concat(parts), whole: bytes.subarray(at, next + 2) };
}

/** The first value of these bytes. */
export const der = (bytes: Buffer): Der => readOne(bytes, 0);

/** The values inside a constructed one. */
export function children({ body }: Der): Der[] {
  const list: Der[] = [];
  for (let at = 0; at < body.length; ) {
    const child = readOne(body, at);
    list.push(child);
    at += child.whole.length;
  }
  return list;
}

/** The n-th value inside; throws when there is none. */
export function child(parent: Der, n: number): Der {
  const found = children(parent)[n];
  if (!found) throw new DerError('a value is missing');
  return found;
}

/** An object identifier's dotted form. */
export function oid(value: Der): string {
  const parts: number[] = [];
  let number = 0;
  for (const byte of value.body) {
    number = number * 128 + (byte & 127);
    if (byte < 128) {
      parts.push(number);
      number = 0;
    }
  }
  const first = parts[0] ?? 0;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...parts.slice(1)].join('.');
}

/** A small integer. */
export const integer = ({ body }: Der): number => body.readUIntBE(0, Math.min(6, body.length));

/** An octet string's bytes, joined where BER cut it into pieces. */
export const octets = (value: Der): Buffer =>
  (value.tag & 0x20) !== 0 ? Buffer.concat(children(value).map(octets)) : value.body;
