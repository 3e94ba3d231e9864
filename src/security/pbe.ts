/** Password-based encryption of PKCS#12 files: PBES2 (RFC 8018) and the schemes of RFC 7292, appendices B and C. */
import { createDecipheriv, pbkdf2Sync } from 'node:crypto';
import { child, children, type Der, DerError, integer, octets, oid } from './der.js';
import { forgeParts } from './forge.js';

const PBES2 = '1.2.840.113549.1.5.13';
const PBE_SHA1 = '1.2.840.113549.1.12.1.';
/** Java's limit (PKCS12KeyStore.MAX_ITERATION_COUNT): a corrupt file must not cause hours of work */
const MAX_ITERATIONS = 5_000_000;

/** PRFs of PBKDF2; the default is HMAC-SHA1 */
const PRFS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

const CIPHERS: Readonly<Record<string, readonly [name: string, keyBytes: number]>> = {
  '2.16.840.1.101.3.4.1.2': ['aes-128-cbc', 16],
  '2.16.840.1.101.3.4.1.22': ['aes-192-cbc', 24],
  '2.16.840.1.101.3.4.1.42': ['aes-256-cbc', 32],
  '1.2.840.113549.3.7': ['des-ede3-cbc', 24],
};

/** Schemes below PBE_SHA1: key length in bytes. 3 and 4 are triple DES with three and two keys, 5 and 6 RC2. */
const KEY_BYTES: Readonly<Record<string, number>> = { 3: 24, 4: 16, 5: 16, 6: 5 };

/** An iteration count; throws if it is out of range. */
export function iterations(value: Der): number {
  const count = integer(value);
  if (count < 1 || count > MAX_ITERATIONS) throw new DerError(`${count} iterations`);
  return count;
}

/** Decrypts `data` under an AlgorithmIdentifier; throws when the password is wrong. */
export function pbeDecrypt(algorithm: Der, password: string, data: Buffer): Buffer {
  const name = oid(child(algorithm, 0));
  const parameters = child(algorithm, 1);
  if (name === PBES2) return pbes2(parameters, password, data);
  if (name.startsWith(PBE_SHA1)) return pkcs12Pbe(name.slice(PBE_SHA1.length), parameters, password, data);
  throw new DerError(`the encryption ${name} is not supported`);
}

function decrypted(cipher: string, key: Buffer, iv: Buffer, data: Buffer): Buffer {
  const decipher = createDecipheriv(cipher, key, iv);
  return Buffer.concat([decipher.update(data), decipher.final()]);
}

function pbes2(parameters: Der, password: string, data: Buffer): Buffer {
  const derivation = child(child(parameters, 0), 1);
  const scheme = child(parameters, 1);
  const cipher = CIPHERS[oid(child(scheme, 0))];
  if (!cipher) throw new DerError(`the encryption ${oid(child(scheme, 0))} is not supported`);
  const salt = octets(child(derivation, 0));
  const prf = children(derivation).find(({ constructed }) => constructed);
  const digest = prf ? PRFS[oid(child(prf, 0))] : 'sha1';
  if (!digest) throw new DerError('a key derivation is not supported');
  const key = pbkdf2Sync(password, salt, iterations(child(derivation, 1)), cipher[1], digest);
  return decrypted(cipher[0], key, octets(child(scheme, 1)), data);
}

function pkcs12Pbe(scheme: string, parameters: Der, password: string, data: Buffer): Buffer {
  const bytes = KEY_BYTES[scheme];
  if (!bytes) throw new DerError(`the encryption ${PBE_SHA1}${scheme} is not supported`);
  const salt = octets(child(parameters, 0));
  const count = iterations(child(parameters, 1));
  const key = pkcs12Key({ password, salt, count, purpose: 1, bytes });
  const iv = pkcs12Key({ password, salt, count, purpose: 2, bytes: 8 });
  if (scheme === '3') return decrypted('des-ede3-cbc', key, iv, data);
  if (scheme === '4') return decrypted('des-ede3-cbc', Buffer.concat([key, key.subarray(0, 8)]), iv, data);
  return rc2Decrypt(key, iv, data);
}

/** RC2 from node-forge, since OpenSSL 3 (and so Node) has dropped it. */
function rc2Decrypt(key: Buffer, iv: Buffer, data: Buffer): Buffer {
  const { rc2, util } = forgeParts();
  const cipher = rc2.createDecryptionCipher(key.toString('latin1'), key.length * 8);
  cipher.start(iv.toString('latin1'));
  cipher.update(util.createBuffer(data.toString('latin1')));
  if (!cipher.finish()) throw new DerError('the padding is wrong');
  return Buffer.from(cipher.output.getBytes(), 'latin1');
}

/** RFC 7292, B.2: key material for a purpose (1 key, 2 initialization vector, 3 MAC). */
export function pkcs12Key(from: {
  readonly password: string;
  readonly salt: Buffer;
  readonly count: number;
  readonly purpose: 1 | 2 | 3;
  readonly bytes: number;
  readonly digest?: 'sha1' | 'sha256' | 'sha384' | 'sha512';
}): Buffer {
  const { md, pbe, util } = forgeParts();
  const salt = util.createBuffer(from.salt.toString('latin1'));
  const digest = md[from.digest ?? 'sha1'].create();
  const key = pbe.generatePkcs12Key(from.password, salt, from.purpose, from.count, from.bytes, digest);
  return Buffer.from(key.getBytes(), 'latin1');
}
