/** The subset of ASN.1 DER and BER that key stores need, parsed by node-forge. */
import type forge from 'node-forge';
import { forgeParts } from './forge.js';

export type Der = forge.asn1.Asn1;

/** The bytes do not have the expected structure. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

/** Parses a single value. Throws on malformed input. */
export const der = (bytes: Buffer): Der =>
  forgeParts().asn1.fromDer(bytes.toString('latin1'), { decodeBitStrings: false });

/** The encoded value, including tag and length. */
export const whole = (value: Der): Buffer => Buffer.from(forgeParts().asn1.toDer(value).getBytes(), 'latin1');

/** The elements of a constructed value. */
export function children({ value }: Der): Der[] {
  if (typeof value === 'string') throw new DerError('a value has no parts');
  return value;
}

/** The n-th element of a constructed value. */
export function child(parent: Der, n: number): Der {
  const found = children(parent)[n];
  if (!found) throw new DerError('a value is missing');
  return found;
}

/** An octet string's bytes; joins the segments of a BER constructed string. */
export function octets({ value }: Der): Buffer {
  return typeof value === 'string' ? Buffer.from(value, 'latin1') : Buffer.concat(value.map(octets));
}

/** An object identifier in dotted form. */
export const oid = (value: Der): string => forgeParts().asn1.derToOid(octets(value).toString('latin1'));

/** An integer from 0 to 2^48 - 1. */
export function integer(value: Der): number {
  const bytes = octets(value);
  if (bytes.length === 0 || bytes.length > 6) throw new DerError('a number is too large');
  return bytes.readUIntBE(0, bytes.length);
}
