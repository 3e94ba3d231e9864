/**
 * A certificate's subject as Java's X500Principal.getName() writes it, which is RFC 2253: the last part first, the types that
 * have no name there as `OID=#` and the value's DER in hex.
 */

/** The types RFC 2253 names, by their OID. */
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
const SEQUENCE = 0x30;
const VERSION = 0xa0;

interface Element {
  readonly tag: number;
  readonly value: Buffer;
  /** with its tag and length */
  readonly whole: Buffer;
}

/** The elements that stand one after the other in some DER. Throws a RangeError where it is cut. */
function elements(der: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < der.length; ) {
    let start = at + 2;
    let length = der.readUInt8(at + 1);
    if (length > 0x80) {
      const bytes = length & 0x7f;
      length = der.readUIntBE(start, bytes);
      start += bytes;
    }
    found.push({
      tag: der.readUInt8(at),
      value: der.subarray(start, start + length),
      whole: der.subarray(at, start + length),
    });
    at = start + length;
  }
  return found;
}

/** `certificate` is its DER: tbsCertificate holds version (if not 1), serial, algorithm, issuer, validity, subject. */
export function subjectOf(certificate: Buffer): string {
  const [{ value: outer }] = elements(certificate) as [Element];
  const [{ value: tbs }] = elements(outer) as [Element];
  const fields = elements(tbs);
  const subject = fields[fields[0]?.tag === VERSION ? 5 : 4];
  if (subject?.tag !== SEQUENCE) throw new RangeError('a certificate without a subject');
  return distinguishedName(subject.value);
}

/** `name` is the content of an X.501 Name: a set of types and values for each part. */
export function distinguishedName(name: Buffer): string {
  return elements(name)
    .reverse()
    .map((part) =>
      elements(part.value)
        .map(({ value }) => typeAndValue(elements(value) as [Element, Element]))
        .join('+'),
    )
    .join(',');
}

function typeAndValue([type, value]: [Element, Element]): string {
  const keyword = KEYWORDS[oid(type.value)];
  const text = keyword === undefined ? undefined : textOf(value);
  return text === undefined
    ? `${keyword ?? oid(type.value)}=#${value.whole.toString('hex')}`
    : `${keyword}=${escaped(text)}`;
}

function oid(bytes: Buffer): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of bytes) {
    number = number * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    numbers.push(number);
    number = 0;
  }
  const [first = 0, ...rest] = numbers;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...rest].join('.');
}

/** Undefined for what is no string of DER's. */
function textOf({ tag, value }: Element): string | undefined {
  switch (tag) {
    case 12: // UTF8String
      return value.toString('utf8');
    case 19: // PrintableString
    case 22: // IA5String
    case 27: // GeneralString
    case 20: // T61String
      return value.toString('latin1');
    case 30: // BMPString
      return Buffer.from(value).swap16().toString('utf16le');
    default:
      return undefined;
  }
}

const escaped = (value: string): string =>
  value
    .replace(/[,+"\\<>;=#]/g, '\\$&')
    .replaceAll('\0', '\\00')
    .replace(/^ +| +$/g, (spaces) => '\\ '.repeat(spaces.length));
