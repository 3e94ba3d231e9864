/**
 * Trust and key stores that openssl and keytool wrote (stores/: one authority, one client certificate, passwords
 * "changeit"). *-jdk8: -J-Dkeystore.pkcs12.legacy, which is RC2 of 40 bits and triple DES; *-open: openssl -certpbe NONE,
 * client-open's MAC with SHA-512; trust-nomac: without a MAC too; client-rc2: RC2 of 128 bits and DES with two keys;
 * client-ec*: the keys of their own that openssl 3 and the keytool of two JDKs make.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StoreError } from '../../src/security/errors.js';
import { readKeyStore, readTrustStore } from '../../src/security/stores.js';

const path = (name: string) => join(import.meta.dirname, 'stores', name);
const text = (name: string) => readFileSync(path(name), 'utf8');
const properties = (settings: Record<string, string>) => new Map(Object.entries(settings));
const der = (pem: string) => new X509Certificate(pem).raw.toString('base64');
const key = (pem: string) => createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' }).toString('base64');

const trust = (name: string, password?: string) =>
  readTrustStore(
    properties({ 'ssl.truststore.location': path(name), ...(password && { 'ssl.truststore.password': password }) }),
  );
const identity = (name: string, more: Record<string, string> = { 'ssl.keystore.password': 'changeit' }) =>
  readKeyStore(properties({ 'ssl.keystore.location': path(name), ...more }));

test.each(['trust.p12', 'trust-jdk8.p12', 'trust.jks', 'trust-open.p12', 'trust-nomac.p12'])(
  '%s holds the authority',
  (name) => {
    expect(trust(name, 'changeit')?.map(der)).toEqual([der(text('ca.pem'))]);
  },
);

test('PEM holds the authority, and JKS can be read without its password', () => {
  expect(trust('ca.pem')?.map(der)).toEqual([der(text('ca.pem'))]);
  expect(trust('trust.jks')?.map(der)).toEqual([der(text('ca.pem'))]);
});

test.each([
  ['trust.p12', 'keystore password was incorrect'],
  ['trust-jdk8.p12', 'keystore password was incorrect'],
  ['trust-open.p12', 'keystore password was incorrect'],
  ['trust.jks', 'Keystore was tampered with, or password was incorrect'],
])('a wrong password for %s is one line with its name, in Java’s words', (name, words) => {
  const said = new RegExp(`^Failed to load the truststore [^\\n]*${name}: ${words}[^\\n]*$`);
  expect(() => trust(name, 'wr0ng')).toThrow(said);
  expect(() => trust(name, 'wr0ng')).not.toThrow(/wr0ng/);
});

test('without a password what is not encrypted is read unchecked, as in Java; what is encrypted asks for one', () => {
  expect(trust('trust-open.p12')?.map(der)).toEqual([der(text('ca.pem'))]);
  expect(() => trust('trust.p12')).toThrow(/ssl.truststore.password is not set/);
});

test.each(['client-ec.p12', 'client-ec-jdk17.p12', 'client-ec-jdk25.p12'])('%s: key and certificate fit', (name) => {
  const { cert, key: pem } = identity(name) ?? { cert: '', key: '' };
  expect(new X509Certificate(cert).checkPrivateKey(createPrivateKey(pem))).toBe(true);
  expect(() => identity(name, { 'ssl.keystore.password': 'wr0ng' })).toThrow(/keystore password was incorrect/);
});

test.each(['client.p12', 'client-jdk8.p12', 'client.jks', 'client-open.p12', 'client-rc2.p12'])(
  '%s holds the client’s key and its certificate first',
  (name) => {
    const found = identity(name);
    expect(key(found?.key as string)).toBe(key(text('client.key')));
    expect(der(found?.cert as string)).toBe(der(text('client.pem')));
  },
);

test('PEM with key and chain in one file', () => {
  const found = identity('client-all.pem', {});
  expect(key(found?.key as string)).toBe(key(text('client.key')));
  expect(found?.cert.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
});

const folded = (pem: string) => pem.replace(/\n/g, ' ').trim();

test('PEM in the properties themselves, its lines folded, its key encrypted', () => {
  const inline = {
    'ssl.keystore.certificate.chain': folded(text('client.pem')),
    'ssl.keystore.key': folded(text('client-encrypted.pem')),
  };
  const found = readKeyStore(properties({ ...inline, 'ssl.key.password': 'secret' }));
  expect(key(found?.key as string)).toBe(key(text('client.key')));
  expect(() => readKeyStore(properties({ ...inline, 'ssl.key.password': 'wrong' }))).toThrow(
    /ssl.key.password is wrong/,
  );
  expect(() => readKeyStore(properties(inline))).toThrow(/needs ssl.key.password/);
});

test('nothing set, nothing read', () => {
  expect(readTrustStore(properties({}))).toBeUndefined();
  expect(readKeyStore(properties({}))).toBeUndefined();
});

test('a file that is not there, and one that is no store', () => {
  expect(() => trust('nowhere.jks')).toThrow(/no such file/);
  expect(() => trust('../stores.test.ts')).toThrow(/neither PEM nor PKCS12 nor JKS/);
});

/** Writes the bytes as a store and reads it. */
function reading(name: string): (bytes: Buffer) => ReturnType<typeof readKeyStore> {
  const broken = join(mkdtempSync(join(tmpdir(), 'stores-')), name);
  const settings = properties({ 'ssl.keystore.location': broken, 'ssl.keystore.password': 'changeit' });
  return (bytes) => {
    writeFileSync(broken, bytes);
    return readKeyStore(settings);
  };
}

test.each(['client.p12', 'client.jks', 'client-open.p12'])('%s cut short is one line, never a hang', (name) => {
  const bytes = readFileSync(path(name));
  const read = reading(name);
  for (let at = 4; at < bytes.length; at += 97) {
    expect(() => read(bytes.subarray(0, at))).toThrow(/^Failed to load the keystore .*$/);
  }
});

/** A bit that Java does not look at either may turn: in the name of a digest's absent parameters, say. */
test.each(['client.p12', 'client.jks', 'client-open.p12', 'client-rc2.p12'])(
  '%s with a bit turned is refused with one line, or is what it was: never another key or certificate',
  (name) => {
    const bytes = readFileSync(path(name));
    const read = reading(name);
    const sound = read(bytes);
    let refused = 0;
    let turned = 0;
    for (let at = 4; at < bytes.length; at += 3, turned++) {
      const broken = Buffer.from(bytes);
      broken[at] = (bytes[at] as number) ^ (1 << (at % 8));
      try {
        expect(read(broken)).toEqual(sound);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        expect(error.message).toMatch(/^Failed to load the keystore .*$/);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(turned * 0.95);
  },
);

test('a trust store that is not encrypted is refused with a bit of its certificate turned', () => {
  const bytes = readFileSync(path('trust-open.p12'));
  const at = bytes.indexOf(new X509Certificate(text('ca.pem')).raw);
  expect(at).toBeGreaterThan(0);
  const broken = join(mkdtempSync(join(tmpdir(), 'stores-')), 'trust.p12');
  bytes[at + 200] = (bytes[at + 200] as number) ^ 1;
  writeFileSync(broken, bytes);
  const settings = { 'ssl.truststore.location': broken, 'ssl.truststore.password': 'changeit' };
  expect(() => readTrustStore(properties(settings))).toThrow(
    /keystore password was incorrect, or the file is damaged$/,
  );
});
