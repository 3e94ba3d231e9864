/** Distinguished names of certificates, out of their DER: Node's own subject object loses the order and repeats of attributes. */
import { child, children, type Der, der, oid } from '../../security/der.js';

/** The attribute types that RFC 2253 names; every other is its number, and its value stays DER. */
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

/** UTF8, Printable, T61, IA5, General and BMP strings. Java reads each of them as UTF-8. */
const STRINGS: ReadonlySet<number> = new Set([12, 19, 20, 22, 27, 30]);

const escaped = (text: string): string =>
  text
    .replace(/[,=+<>#;"\\]/g, '\\$&')
    .replaceAll('\0', '\\00')
    .replace(/^ +| +$/g, (spaces) => '\\ '.repeat(spaces.length));

function attribute(pair: Der): string {
  const type = oid(child(pair, 0));
  const value = child(pair, 1);
  const keyword = KEYWORDS[type];
  const text =
    keyword !== undefined && STRINGS.has(value.tag)
      ? escaped(value.body.toString('utf8'))
      : `#${value.whole.toString('hex')}`;
  return `${keyword ?? type}=${text}`;
}

/** A name as RFC 2253 writes it: its last part first. Throws DerError. Mirrors X500Principal.getName. */
export const rfc2253 = (name: Der): string =>
  children(name)
    .map((part) => children(part).map(attribute).join('+'))
    .reverse()
    .join(',');

const VERSION = 0xa0;

/** The subject of a DER certificate: version, serial number, algorithm, issuer and validity stand before it. Throws DerError. */
export function certificateSubject(certificate: Buffer): Der {
  const fields = children(child(der(certificate), 0));
  const subject = fields[fields[0]?.tag === VERSION ? 5 : 4];
  return subject ?? der(Buffer.of(0x30, 0));
}
