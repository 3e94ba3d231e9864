/**
 * JKS key stores, the JDK's legacy format:
 *
 *   u4 0xFEEDFEED, u4 version (1 or 2), u4 entries
 *   entry: u4 1, utf alias, u8 time, u4 length, key, u4 certificates, certificate…     a private key and its chain
 *          u4 2, utf alias, u8 time, certificate                                       a trusted certificate
 *   certificate: utf type (version 2), u4 length, DER
 *   20 bytes: SHA-1 of password, "Mighty Aphrodite" and all of the above
 *
 * A key is an EncryptedPrivateKeyInfo in Sun's proprietary scheme: 20 bytes of salt, the PKCS#8 key XORed with a chain of
 * SHA-1(password + previous digest), and SHA-1(password + key) as a checksum.
 */
import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import { Reader } from '../protocol/wire/buffer.js';
import { child, der, octets } from './der.js';
import { WrongPassword } from './errors.js';
import type { StoreContents } from './store-contents.js';

export const JKS_MAGIC = 0xfeedfeed;

const sha1 = (...parts: (Buffer | string)[]): Buffer => {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const passwordBytes = (password: string): Buffer => Buffer.from(password, 'utf16le').swap16();

/** `storePassword` undefined: the store's integrity is not checked, as Java does without a password. */
export function readJks(
  bytes: Buffer,
  storePassword: string | undefined,
  keyPassword: string | undefined,
): StoreContents {
  if (storePassword !== undefined) checkDigest(bytes, passwordBytes(storePassword));
  const reader = new Reader(bytes, 4, bytes.length - 20);
  const version = reader.uint32();
  const certificates: Buffer[] = [];
  const keys: KeyObject[] = [];
  for (let left = reader.uint32(); left > 0; left--) {
    const isKey = reader.uint32() === 1;
    reader.string();
    reader.take(8);
    const sealed = isKey ? reader.raw(reader.uint32()) : undefined;
    for (let chain = isKey ? reader.uint32() : 1; chain > 0; chain--) {
      if (version === 2) reader.string();
      certificates.push(reader.raw(reader.uint32()));
    }
    if (sealed) keys.push(openKey(sealed, passwordBytes(keyPassword ?? '')));
  }
  return { certificates, keys };
}

function checkDigest(bytes: Buffer, password: Buffer): void {
  const body = bytes.subarray(0, bytes.length - 20);
  if (!sha1(password, 'Mighty Aphrodite', body).equals(bytes.subarray(-20))) {
    throw new WrongPassword('Keystore was tampered with, or password was incorrect');
  }
}

function openKey(sealed: Buffer, password: Buffer): KeyObject {
  const data = octets(child(der(sealed), 1));
  const key = Buffer.from(data.subarray(20, -20));
  let digest = data.subarray(0, 20);
  for (let at = 0; at < key.length; at++) {
    if (at % 20 === 0) digest = sha1(password, digest);
    key[at] = (key[at] as number) ^ (digest[at % 20] as number);
  }
  if (!sha1(password, key).equals(data.subarray(-20))) throw new WrongPassword('Cannot recover key');
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}
