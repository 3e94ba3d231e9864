/** SCRAM-SHA-256 and SCRAM-SHA-512 (RFC 5802, RFC 7677): derives keys from passwords. Mirrors ScramFormatter. */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

export interface ScramMechanism {
  readonly name: 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  /** its number in requests and in the metadata log */
  readonly type: number;
  readonly hash: 'sha256' | 'sha512';
  readonly size: number;
}

export const SCRAM_MECHANISMS: readonly ScramMechanism[] = [
  { name: 'SCRAM-SHA-256', type: 1, hash: 'sha256', size: 32 },
  { name: 'SCRAM-SHA-512', type: 2, hash: 'sha512', size: 64 },
];
export const MIN_ITERATIONS = 4096;
export const MAX_ITERATIONS = 16384;

export interface ScramKeys {
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
  readonly iterations: number;
}

export const hmac = ({ hash }: ScramMechanism, key: Buffer, text: string | Buffer): Buffer =>
  createHmac(hash, key).update(text).digest();
export const digest = ({ hash }: ScramMechanism, bytes: Buffer): Buffer => createHash(hash).update(bytes).digest();

/** Hi(password, salt, iterations) of RFC 5802. */
export const saltedPassword = (m: ScramMechanism, password: string, salt: Buffer, iterations: number): Buffer =>
  pbkdf2Sync(password, salt, iterations, m.size, m.hash);

/** The keys that the server stores, which cannot be used to log in. */
export function scramKeys(m: ScramMechanism, salted: Buffer, salt: Buffer, iterations: number): ScramKeys {
  const clientKey = hmac(m, salted, 'Client Key');
  return { salt, storedKey: digest(m, clientKey), serverKey: hmac(m, salted, 'Server Key'), iterations };
}

export const randomSalt = (): Buffer => randomBytes(24);
