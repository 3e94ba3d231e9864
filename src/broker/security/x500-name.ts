/**
 * Parses distinguished names of certificates from DER, as Node's own subject object loses the order and repetition of
 * attributes.
 */
import { DerError } from '../../security/der.js';

/**
 * A DER value with its exact bytes. node-forge, which reads key stores, decodes some strings and shortens identifiers.
 */
interface Value {
  readonly tag: number;
  readonly body: Buffer;
  /** tag, length and content */
  readonly whole: Buffer;
}

/** Splits bytes into consecutive DER values. Throws DerError. */
function values(bytes: Buffer): Value[] {
  const found: Value[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [tag, first] = [bytes[at], bytes[at + 1]];
    if (tag === undefined || first === undefined) throw new DerError('truncated');
    const size = first > 0x80 ? first & 0x7f : 0;
    const start = at + 2 + size;
    if (first === 0x80 || size > 4 || start > bytes.length) throw new DerError('invalid length');
    const end = start + (size === 0 ? first : bytes.readUIntBE(at + 2, size));
    if (end > bytes.length) throw new DerError('truncated');
    found.push({ tag, body: bytes.subarray(start, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return found;
}

/** An object identifier in dotted form. */
function dotted(bytes: Buffer): string {
  const parts: bigint[] = [];
  let number = 0n;
  for (const byte of bytes) {
    number = number * 128n + BigInt(byte & 127);
    if (byte >= 128) continue;
    parts.push(number);
    number = 0n;
  }
  const first = parts[0] ?? 0n;
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - root * 40n, ...parts.slice(1)].join('.');
}

/** The attribute types with a keyword in RFC 2253. All others are printed as numbers, with their values in hex DER. */
const KEYWORDS: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
};

/** Tags of UTF8, Printable, T61, IA5, General and BMP strings. Java decodes all of them as UTF-8. */
const STRINGS: ReadonlySet<number> = new Set([12, 19, 20, 22, 27, 30]);

const escaped = (text: string): string =>
  text
    .replace(/[,=+<>#;"\\]/g, '\\$&')
    .replaceAll('\0', '\\00')
    .replace(/^ +| +$/g, (spaces) => '\\ '.repeat(spaces.length));

function attribute({ body }: Value): string {
  const [name, value] = values(body);
  if (!name || !value) throw new DerError('an attribute has no value');
  const type = dotted(name.body);
  const keyword = KEYWORDS[type];
  const text =
    keyword !== undefined && STRINGS.has(value.tag)
      ? escaped(value.body.toString('utf8'))
      : `#${value.whole.toString('hex')}`;
  return `${keyword ?? type}=${text}`;
}

/** Formats a DER name as in RFC 2253, last part first. Throws DerError. Mirrors X500Principal.getName. */
export const rfc2253 = (name: Buffer): string =>
  values(inside(name))
    .map(({ body }) => values(body).map(attribute).join('+'))
    .reverse()
    .join(',');

function inside(bytes: Buffer): Buffer {
  const [only] = values(bytes);
  if (!only) throw new DerError('truncated');
  return only.body;
}

const VERSION = 0xa0;

/**
 * The subject in a DER certificate, which follows version, serial number, algorithm, issuer and validity. Throws
 * DerError.
 */
export function certificateSubject(certificate: Buffer): Buffer {
  const fields = values(inside(inside(certificate)));
  const subject = fields[fields[0]?.tag === VERSION ? 5 : 4];
  if (!subject) throw new DerError('a certificate without a subject');
  return subject.whole;
}
