/** TLS of a listener: key, certificates and what is asked of clients, out of Kafka's ssl.* settings. Mirrors DefaultSslEngineFactory. */
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureVersion, type TlsOptions } from 'node:tls';
import type { ListenerSettings } from './listener-settings.js';

const JKS_MAGIC = 0xfeedfeed;

/** Throws ConfigError where the settings, or the files they name, are no good. */
export function tlsOptions(settings: ListenerSettings): TlsOptions {
  const auth = settings.text('ssl.client.auth') ?? 'none';
  const options: TlsOptions = {
    ...keyMaterial(settings),
    ...trust(settings),
    ...versions(settings),
    requestCert: auth !== 'none',
    rejectUnauthorized: auth === 'required',
  };
  const ciphers = settings.list('ssl.cipher.suites');
  if (ciphers.length > 0) options.ciphers = ciphers.map(opensslCipher).join(':');
  if (auth !== 'none' && options.ca === undefined) {
    throw settings.fail('ssl.client.auth', `${auth} needs ssl.truststore.location or ssl.truststore.certificates`);
  }
  try {
    createSecureContext(options);
  } catch (error) {
    throw settings.fail('ssl.keystore', reason(error as Error));
  }
  return options;
}

function keyMaterial(settings: ListenerSettings): TlsOptions {
  const passphrase = settings.text('ssl.key.password') ?? settings.text('ssl.keystore.password');
  const secret = passphrase === undefined ? {} : { passphrase };
  const [key, cert] = [settings.text('ssl.keystore.key'), settings.text('ssl.keystore.certificate.chain')];
  if (key !== undefined && cert !== undefined) return { key: pem(key), cert: pem(cert), ...secret };
  const file = settings.text('ssl.keystore.location');
  if (file === undefined) {
    throw settings.fail('ssl.keystore.location', 'a TLS listener needs a key store: a PEM or PKCS12 file');
  }
  const bytes = readStore(settings, 'ssl.keystore.location', file);
  if (isPem(bytes)) return { key: bytes, cert: bytes, ...secret };
  return { pfx: bytes, passphrase: settings.text('ssl.keystore.password') ?? '' };
}

function trust(settings: ListenerSettings): TlsOptions {
  const inline = settings.text('ssl.truststore.certificates');
  if (inline !== undefined) return { ca: certificates(pem(inline)) };
  const file = settings.text('ssl.truststore.location');
  if (file === undefined) return {};
  const bytes = readStore(settings, 'ssl.truststore.location', file);
  if (isPem(bytes)) return { ca: certificates(bytes.toString('latin1')) };
  throw settings.fail('ssl.truststore.location', `${file} must be PEM: keytool -exportcert -rfc writes it`);
}

function readStore(settings: ListenerSettings, name: string, file: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw settings.fail(name, reason(error as Error));
  }
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === JKS_MAGIC) {
    throw settings.fail(name, `${file} is JKS: convert it with keytool -importkeystore -deststoretype PKCS12`);
  }
  return bytes;
}

const isPem = (bytes: Buffer): boolean => bytes.includes('-----BEGIN ');
/** Kafka takes PEM on one line too, with blanks where the line ends were. */
const pem = (text: string): string =>
  text.includes('\n')
    ? text
    : text.replace(/(-----(?:BEGIN|END) [A-Z0-9 ]+-----)|\s+/g, (_, mark) => (mark ? `\n${mark}\n` : '\n'));
const certificates = (text: string): string[] =>
  text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];

function versions(settings: ListenerSettings): TlsOptions {
  const enabled = settings
    .list('ssl.enabled.protocols')
    .filter((p) => p === 'TLSv1.2' || p === 'TLSv1.3') as SecureVersion[];
  const other = settings.list('ssl.enabled.protocols').filter((p) => p !== 'TLSv1.2' && p !== 'TLSv1.3');
  if (enabled.length === 0 || other.length > 0) {
    throw settings.fail('ssl.enabled.protocols', `${other.join(',') || 'none'}: only TLSv1.2 and TLSv1.3 are offered`);
  }
  enabled.sort();
  return { minVersion: enabled[0] as SecureVersion, maxVersion: enabled.at(-1) as SecureVersion };
}

/** Java's TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 is OpenSSL's ECDHE-RSA-AES128-GCM-SHA256; those of TLS 1.3 are the same. */
const opensslCipher = (name: string): string =>
  name.includes('_WITH_')
    ? name
        .replace(/^TLS_/, '')
        .replace('_WITH_', '_')
        .replace(/AES_(\d+)/, 'AES$1')
        .replace(/^RSA_/, '')
        .replaceAll('_', '-')
    : name;

const reason = (error: Error): string => error.message.replace(/^error:[0-9A-F]+:/, '').replace(/^E[A-Z]+: /, '');
