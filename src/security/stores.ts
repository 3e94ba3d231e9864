/** Trust and key stores of the `ssl.*` properties: PEM, PKCS#12 and JKS, detected by their first bytes. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DerError } from './der.js';
import { StoreError, WrongPassword } from './errors.js';
import { JKS_MAGIC, readJks } from './jks.js';
import { readPkcs12 } from './pkcs12.js';
import type { StoreContents } from './store-contents.js';

/** Settings by their Java names. */
export interface Properties {
  get(name: string): string | undefined;
}

/** What Node's TLS takes. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

const problem = (message: string): StoreError => new StoreError(message);

/** The certificates of `ssl.truststore.*`; undefined if there is none: the default CAs are trusted. */
export function readTrustStore(properties: Properties): string[] | undefined {
  const inline = properties.get('ssl.truststore.certificates');
  if (inline !== undefined) return pemCertificates(inline, 'ssl.truststore.certificates');
  const path = properties.get('ssl.truststore.location');
  if (path === undefined) return undefined;
  const { certificates } = readStore(path, 'truststore', properties.get('ssl.truststore.password'), undefined);
  if (certificates.length === 0) throw problem(`The truststore ${path} contains no certificates`);
  return certificates.map(toPem);
}

/** The certificate chain and key of `ssl.keystore.*`; undefined: no client certificate. */
export function readKeyStore(properties: Properties): Identity | undefined {
  const keyPassword = properties.get('ssl.key.password');
  const chain = properties.get('ssl.keystore.certificate.chain');
  const key = properties.get('ssl.keystore.key');
  if (chain !== undefined && key !== undefined) {
    const certificates = pemCertificates(chain, 'ssl.keystore.certificate.chain');
    return { cert: certificates.join(''), key: exported(pemKey(key, keyPassword, 'ssl.keystore.key')) };
  }
  const path = properties.get('ssl.keystore.location');
  if (path === undefined) return undefined;
  const store = readStore(path, 'keystore', properties.get('ssl.keystore.password'), keyPassword);
  const [privateKey] = store.keys;
  if (!privateKey) throw problem(`The keystore ${path} contains no private key`);
  return { cert: ordered(store.certificates, privateKey).map(toPem).join(''), key: exported(privateKey) };
}

function readStore(
  path: string,
  what: 'truststore' | 'keystore',
  password: string | undefined,
  keyPassword: string | undefined,
): StoreContents {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw problem(`Failed to load the ${what} ${path}: ${code === 'ENOENT' ? 'no such file' : code}`);
  }
  try {
    return parseStore(bytes, path, password, keyPassword);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw problem(`Failed to load the ${what} ${path}: ${whyNot(error, what, password)}`);
  }
}

function whyNot(error: unknown, what: string, password: string | undefined): string {
  if (password === undefined) return `ssl.${what}.password is not set`;
  if (error instanceof WrongPassword) return error.message;
  if (error instanceof DerError) return `it is damaged or written in a way that is not supported (${error.message})`;
  return 'it is damaged';
}

function parseStore(
  bytes: Buffer,
  path: string,
  password: string | undefined,
  keyPassword: string | undefined,
): StoreContents {
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === JKS_MAGIC) {
    return readJks(bytes, password, keyPassword ?? password);
  }
  if (bytes[0] === 0x30) return readPkcs12(bytes, password, keyPassword ?? password);
  const text = bytes.toString('latin1');
  if (!text.includes('-----BEGIN ')) throw problem(`${path} is neither PEM nor PKCS12 nor JKS`);
  const certificates = pemBlocks(text, /CERTIFICATE/).map((block) => new X509Certificate(block).raw);
  const keys = pemBlocks(text, /PRIVATE KEY/).map((block) => pemKey(block, keyPassword, path));
  return { certificates, keys };
}

/** The blocks of a PEM text with a matching label. */
function pemBlocks(text: string, label: RegExp): string[] {
  const blocks = text.match(/-----BEGIN ([^-]+)-----[\s\S]*?-----END \1-----/g) ?? [];
  return blocks.filter((block) => label.test(block.split('\n', 1)[0] as string));
}

/** Inline PEM in properties can have blanks in place of newlines. */
function unfolded(text: string): string {
  return text.replace(/(-----BEGIN [^-]+-----)([\s\S]*?)(-----END [^-]+-----)/g, (_, begin, body: string, end) => {
    const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
    return `${begin}\n${lines.join('\n')}\n${end}`;
  });
}

function pemCertificates(text: string, source: string): string[] {
  try {
    const blocks = pemBlocks(unfolded(text), /CERTIFICATE/).map((block) => toPem(new X509Certificate(block).raw));
    if (blocks.length > 0) return blocks;
  } catch {
    // reported below, without the certificate's bytes
  }
  throw problem(`${source} contains no PEM certificate`);
}

function pemKey(text: string, passphrase: string | undefined, source: string): KeyObject {
  try {
    const [block] = pemBlocks(text.includes('DEK-Info') ? text : unfolded(text), /PRIVATE KEY/);
    return createPrivateKey({ key: block ?? '', format: 'pem', ...(passphrase !== undefined && { passphrase }) });
  } catch {
    const hint = passphrase === undefined ? 'or needs ssl.key.password' : 'or ssl.key.password is wrong';
    throw problem(`The private key of ${source} cannot be read ${hint}`);
  }
}

const exported = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }) as string;

const toPem = (certificate: Buffer): string => {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
};

/** Moves the key's certificate to the front, as TLS requires; PKCS#12 has them in any order. */
function ordered(certificates: readonly Buffer[], key: KeyObject): Buffer[] {
  const own = certificates.find((raw) => new X509Certificate(raw).checkPrivateKey(key));
  return own ? [own, ...certificates.filter((raw) => raw !== own)] : [...certificates];
}
