/** Password-based decryption as PKCS#12 files use it: PBES2 (RFC 8018) and the older schemes of RFC 7292, appendix B. */
import { createDecipheriv, hash, pbkdf2Sync } from 'node:crypto';
import { child, children, type Der, DerError, integer, octets, oid, TAG } from './der.js';
import { rc2Decrypt } from './rc2.js';

const PBES2 = '1.2.840.113549.1.5.13';
const PBE_SHA1 = '1.2.840.113549.1.12.1.';

/** PRFs of PBKDF2; the default is HMAC-SHA1 */
const DIGESTS: Readonly<Record<string, string>> = {
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

/** Decrypts `data` under an AlgorithmIdentifier; throws when the password is wrong. */
export function pbeDecrypt(algorithm: Der, password: string, data: Buffer): Buffer {
  const name = oid(child(algorithm, 0));
  const parameters = child(algorithm, 1);
  if (name === PBES2) return pbes2(parameters, password, data);
  if (name.startsWith(PBE_SHA1)) return pkcs12Pbe(Number(name.slice(PBE_SHA1.length)), parameters, password, data);
  throw new DerError(`the encryption ${name} is not supported`);
}

function pbes2(parameters: Der, password: string, data: Buffer): Buffer {
  const derivation = child(child(parameters, 0), 1);
  const scheme = child(parameters, 1);
  const cipher = CIPHERS[oid(child(scheme, 0))];
  if (!cipher) throw new DerError(`the encryption ${oid(child(scheme, 0))} is not supported`);
  const salt = octets(child(derivation, 0));
  const iterations = integer(child(derivation, 1));
  const prf = children(derivation).find((part) => part.tag === TAG.sequence);
  const digest = prf ? DIGESTS[oid(child(prf, 0))] : 'sha1';
  if (!digest) throw new DerError('a key derivation is not supported');
  const key = pbkdf2Sync(password, salt, iterations, cipher[1], digest);
  const decipher = createDecipheriv(cipher[0], key, octets(child(scheme, 1)));
  return Buffer.concat([decipher.update(data), decipher.final()]);
}

/** 3: three-key triple DES, 4: two-key, 5: RC2 of 128 bits, 6: RC2 of 40 bits; all with SHA-1. */
function pkcs12Pbe(scheme: number, parameters: Der, password: string, data: Buffer): Buffer {
  const salt = octets(child(parameters, 0));
  const iterations = integer(child(parameters, 1));
  const keyBytes = { 3: 24, 4: 16, 5: 16, 6: 5 }[scheme];
  if (!keyBytes) throw new DerError(`the encryption ${PBE_SHA1}${scheme} is not supported`);
  const key = pkcs12Key(password, salt, iterations, 1, keyBytes);
  const iv = pkcs12Key(password, salt, iterations, 2, 8);
  if (scheme >= 5) return rc2Decrypt(key, iv, data);
  const tripled = scheme === 4 ? Buffer.concat([key, key.subarray(0, 8)]) : key;
  const decipher = createDecipheriv('des-ede3-cbc', tripled, iv);
  return Buffer.concat([decipher.update(data), decipher.final()]);
}

/** In one call: keytool has 50,000 rounds of it. */
const sha1 = (bytes: Buffer): Buffer => hash('sha1', bytes, 'buffer');

const BLOCK = 64;

/** RFC 7292, B.2: key material of purpose `id` (1 key, 2 iv, 3 MAC) from a password; SHA-1. */
function pkcs12Key(password: string, salt: Buffer, iterations: number, id: number, bytes: number): Buffer {
  const text = Buffer.from(`${password}\0`, 'utf16le').swap16();
  const input = Buffer.concat([filled(salt), filled(text)]);
  const diversifier = Buffer.alloc(BLOCK, id);
  const out: Buffer[] = [];
  for (let have = 0; have < bytes; have += 20) {
    let digest = sha1(Buffer.concat([diversifier, input]));
    for (let i = 1; i < iterations; i++) digest = sha1(digest);
    out.push(digest);
    addToBlocks(input, filled(digest, BLOCK));
  }
  return Buffer.concat(out).subarray(0, bytes);
}

/** Repeated up to a multiple of the block. */
function filled(bytes: Buffer, length = Math.ceil(bytes.length / BLOCK) * BLOCK): Buffer {
  return bytes.length === 0 ? bytes : Buffer.alloc(length, bytes);
}

/** Adds `block` + 1 to every block of `input`, as big-endian numbers. */
function addToBlocks(input: Buffer, block: Buffer): void {
  for (let start = 0; start < input.length; start += BLOCK) {
    let carry = 1;
    for (let i = BLOCK - 1; i >= 0; i--) {
      const sum = (input[start + i] as number) + (block[i] as number) + carry;
      input[start + i] = sum & 255;
      carry = sum >> 8;
    }
  }
}
