/**
 * PKCS#12 key stores (RFC 7292), as written by keytool and openssl: extracts certificates and private keys, after checking
 * the password with the MAC of the contents. Mirrors sun.security.pkcs12.PKCS12KeyStore.
 */
import { createHmac, createPrivateKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { child, children, type Der, DerError, der, integer, octets, oid, whole } from './der.js';
import { WrongPassword } from './errors.js';
import { iterations, pbeDecrypt, pkcs12Key } from './pbe.js';
import type { StoreContents } from './store-contents.js';

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const BAG = '1.2.840.113549.1.12.10.1.';
const X509 = '1.2.840.113549.1.9.22.1';
const VERSION = 3;

const MAC_DIGESTS = {
  '1.3.14.3.2.26': ['sha1', 20],
  '2.16.840.1.101.3.4.2.1': ['sha256', 32],
  '2.16.840.1.101.3.4.2.2': ['sha384', 48],
  '2.16.840.1.101.3.4.2.3': ['sha512', 64],
} as const;

/**
 * Without a store password the MAC is not checked and encrypted content cannot be read, as in Java. Throws WrongPassword,
 * or another error if the file is not PKCS#12.
 */
export function readPkcs12(
  bytes: Buffer,
  storePassword: string | undefined,
  keyPassword: string | undefined,
): StoreContents {
  const store = der(bytes);
  const authSafe = child(store, 1);
  if (integer(child(store, 0)) !== VERSION || oid(child(authSafe, 0)) !== DATA) throw new DerError('not version 3');
  const contents = octets(child(child(authSafe, 1), 0));
  const mac = children(store)[2];
  if (storePassword !== undefined && mac) checkMac(mac, storePassword, contents);
  const certificates: Buffer[] = [];
  const keys: KeyObject[] = [];
  for (const content of children(der(contents))) {
    for (const bag of children(der(openContent(content, storePassword)))) {
      readBag(bag, keyPassword, certificates, keys);
    }
  }
  return { certificates, keys };
}

/** MacData: DigestInfo { algorithm, digest }, salt, iterations (default 1) */
function checkMac(mac: Der, password: string, contents: Buffer): void {
  const name = oid(child(child(child(mac, 0), 0), 0));
  if (!isMacDigest(name)) throw new DerError(`the MAC ${name} is not supported`);
  const [digest, bytes] = MAC_DIGESTS[name];
  const [, salt, count] = children(mac);
  if (!salt) throw new DerError('the MAC has no salt');
  const key = pkcs12Key({
    password,
    salt: octets(salt),
    count: count ? iterations(count) : 1,
    purpose: 3,
    bytes,
    digest,
  });
  const expected = octets(child(child(mac, 0), 1));
  const found = createHmac(digest, key).update(contents).digest();
  if (expected.length !== bytes || !timingSafeEqual(found, expected)) {
    throw new WrongPassword('keystore password was incorrect, or the file is damaged');
  }
}

const isMacDigest = (name: string): name is keyof typeof MAC_DIGESTS => name in MAC_DIGESTS;

/** The bags of a ContentInfo, decrypted with the store password if necessary. */
function openContent(content: Der, password: string | undefined): Buffer {
  const type = oid(child(content, 0));
  const inner = child(child(content, 1), 0);
  if (type === DATA) return octets(inner);
  if (type !== ENCRYPTED_DATA) throw new DerError(`the content ${type} is not supported`);
  const info = child(inner, 1);
  return opened(child(info, 1), password, octets(child(info, 2)), 'keystore password was incorrect');
}

function opened(algorithm: Der, password: string | undefined, data: Buffer, wrong: string): Buffer {
  if (password === undefined) throw new WrongPassword('a password is needed');
  try {
    return pbeDecrypt(algorithm, password, data);
  } catch (error) {
    if (error instanceof DerError) throw error;
    throw new WrongPassword(wrong);
  }
}

function readBag(bag: Der, password: string | undefined, certificates: Buffer[], keys: KeyObject[]): void {
  const type = oid(child(bag, 0));
  const value = child(child(bag, 1), 0);
  if (type === `${BAG}1`) keys.push(privateKey(whole(value)));
  if (type === `${BAG}2`) {
    const sealed = octets(child(value, 1));
    keys.push(privateKey(opened(child(value, 0), password, sealed, 'the password of its key was incorrect')));
  }
  if (type === `${BAG}3` && oid(child(value, 0)) === X509) certificates.push(octets(child(child(value, 1), 0)));
}

const privateKey = (key: Buffer): KeyObject => createPrivateKey({ key, format: 'der', type: 'pkcs8' });
