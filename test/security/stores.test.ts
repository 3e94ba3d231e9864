/**
 * Trust and key stores that openssl and keytool wrote (stores/: one authority, one client certificate, passwords
 * "changeit"; *-jdk8 with -J-Dkeystore.pkcs12.legacy, which is RC2 of 40 bits and triple DES).
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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

test.each(['trust.p12', 'trust-jdk8.p12', 'trust.jks'])('%s holds the authority', (name) => {
  expect(trust(name, 'changeit')?.map(der)).toEqual([der(text('ca.pem'))]);
});

test('PEM holds the authority, and JKS can be read without its password', () => {
  expect(trust('ca.pem')?.map(der)).toEqual([der(text('ca.pem'))]);
  expect(trust('trust.jks')?.map(der)).toEqual([der(text('ca.pem'))]);
});

test.each(['trust.p12', 'trust-jdk8.p12', 'trust.jks'])('a wrong password for %s is one line with its name', (name) => {
  expect(() => trust(name, 'wr0ng')).toThrow(/^Failed to load the truststore .*: the password is wrong or the file/);
  expect(() => trust(name, 'wr0ng')).not.toThrow(/wr0ng/);
});

test.each(['client.p12', 'client-jdk8.p12', 'client.jks'])(
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

test.each(['trust.p12', 'client.jks', 'client-jdk8.p12'])(
  '%s cut short or with a bit turned is one line, never a hang',
  (name) => {
    const bytes = readFileSync(path(name));
    const folder = mkdtempSync(join(tmpdir(), 'stores-'));
    const broken = join(folder, name);
    const settings = properties({ 'ssl.keystore.location': broken, 'ssl.keystore.password': 'changeit' });
    for (let at = 4; at < bytes.length; at += 97) {
      writeFileSync(broken, bytes.subarray(0, at));
      expect(() => readKeyStore(settings)).toThrow(/keystore|private key/);
    }
  },
);
