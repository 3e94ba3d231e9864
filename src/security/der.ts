/** What key stores need of ASN.1's DER and BER, read by node-forge. */
import type forge from 'node-forge';
import { forgeParts } from './forge.js';

export type Der = forge.asn1.Asn1;

/** Bytes that are not the structure they should be. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

/** The one value these bytes are. Throws. */
export const der = (bytes: Buffer): Der =>
  forgeParts().asn1.fromDer(bytes.toString('latin1'), { decodeBitStrings: false });

/** A value's own bytes, tag and length included. */
export const whole = (value: Der): Buffer => Buffer.from(forgeParts().asn1.toDer(value).getBytes(), 'latin1');

/** The values inside a constructed one. */
export function children({ value }: Der): Der[] {
  if (typeof value === 'string') throw new DerError('a value has no parts');
  return value;
}

/** The n-th value inside. */
export function child(parent: Der, n: number): Der {
  const found = children(parent)[n];
  if (!found) throw new DerError('a value is missing');
  return found;
}

/** An octet string's bytes, joined where BER cut it into pieces. */
export function octets({ value }: Der): Buffer {
  return typeof value === 'string' ? Buffer.from(value, 'latin1') : Buffer.concat(value.map(octets));
}

/** An object identifier's dotted form. */
export const oid = (value: Der): string => forgeParts().asn1.derToOid(octets(value).toString('latin1'));

/** An integer from 0 to 2^48 - 1. */
export function integer(value: Der): number {
  const bytes = octets(value);
  if (bytes.length === 0 || bytes.length > 6) throw new DerError('a number is too large');
  return bytes.readUIntBE(0, bytes.length);
}
