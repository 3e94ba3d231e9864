/** PKCS#12 key stores (RFC 7292), as keytool and openssl write them: certificates and private keys out of them. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { child, children, type Der, DerError, der, octets, oid, TAG } from './der.js';
import { pbeDecrypt } from './pbe.js';
import type { StoreContents } from './stores.js';

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const BAG = '1.2.840.113549.1.12.10.1.';
const X509 = '1.2.840.113549.1.9.22.1';

/** Throws DerError for what is not PKCS#12, and whatever decryption throws when the password is wrong. */
export function readPkcs12(bytes: Buffer, storePassword: string, keyPassword: string): StoreContents {
  const authSafe = child(der(bytes), 1);
  const contents = children(der(octets(child(child(authSafe, 1), 0))));
  const certificates: Buffer[] = [];
  const keys: KeyObject[] = [];
  for (const content of contents) {
    for (const bag of children(der(openContent(content, storePassword)))) {
      readBag(bag, keyPassword, certificates, keys);
    }
  }
  return { certificates, keys };
}

/** One ContentInfo's bags: plain, or encrypted under the store's password. */
function openContent(content: Der, password: string): Buffer {
  const type = oid(child(content, 0));
  const inner = child(child(content, 1), 0);
  if (type === DATA) return octets(inner);
  if (type !== ENCRYPTED_DATA) throw new DerError(`the content ${type} is not supported`);
  const info = child(inner, 1);
  const encrypted = child(info, 2);
  return pbeDecrypt(child(info, 1), password, octets(encrypted));
}

function readBag(bag: Der, password: string, certificates: Buffer[], keys: KeyObject[]): void {
  const type = oid(child(bag, 0));
  const value = child(child(bag, 1), 0);
  if (type === `${BAG}1`) keys.push(createPrivateKey({ key: value.whole, format: 'der', type: 'pkcs8' }));
  if (type === `${BAG}2`) keys.push(openKey(value, password));
  if (type === `${BAG}3` && oid(child(value, 0)) === X509) {
    const wrapped = children(value).find((part) => part.tag === TAG.explicit0);
    if (wrapped) certificates.push(octets(child(wrapped, 0)));
  }
}

function openKey(info: Der, password: string): KeyObject {
  const plain = pbeDecrypt(child(info, 0), password, octets(child(info, 1)));
  return createPrivateKey({ key: plain, format: 'der', type: 'pkcs8' });
}
