/**
 * TLS of a listener: key, certificates and client authentication, from Kafka's ssl.* configs. Mirrors
 * DefaultSslEngineFactory.
 */
import { constants } from 'node:crypto';
import { createSecureContext, type SecureVersion, type TlsOptions } from 'node:tls';
import { cipherNames } from '../../security/ciphers.js';
import { StoreError } from '../../security/errors.js';
import { readKeyStore, readTrustStore } from '../../security/stores.js';
import type { ListenerSettings } from './listener-settings.js';

/**
 * With SASL_SSL only the listener's own ssl.client.auth applies; the broker-wide one is for listeners on which
 * certificates are the only authentication. Mirrors ChannelBuilders.create.
 */
const clientAuth = (settings: ListenerSettings, sasl: boolean): string =>
  (sasl ? settings.ownText('ssl.client.auth') : settings.text('ssl.client.auth')) ?? 'none';

/** Throws ConfigError if the configs, or the files that they name, are invalid. */
export function tlsOptions(settings: ListenerSettings, securityProtocol: string): TlsOptions {
  const auth = clientAuth(settings, securityProtocol.startsWith('SASL'));
  const stored = { get: (name: string) => settings.text(name) };
  const identity = fromStore(settings, 'ssl.keystore.location', () => readKeyStore(stored));
  if (!identity) throw settings.fail('ssl.keystore.location', 'a TLS listener needs a key store (PEM, PKCS12 or JKS)');
  const ca = fromStore(settings, 'ssl.truststore.location', () => readTrustStore(stored));
  if (auth !== 'none' && !ca) {
    throw settings.fail('ssl.client.auth', `${auth} needs ssl.truststore.location or ssl.truststore.certificates`);
  }
  const ciphers = cipherNames(settings.text('ssl.cipher.suites'));
  const options: TlsOptions = {
    ...identity,
    ...versions(settings),
    ...(ca && { ca }),
    ...(ciphers !== undefined && { ciphers }),
    requestCert: auth !== 'none',
    rejectUnauthorized: auth === 'required',
    // a session ticket would still admit a client whose certificate has expired
    ...(auth !== 'none' && { secureOptions: constants.SSL_OP_NO_TICKET }),
  };
  try {
    createSecureContext(options);
  } catch (error) {
    throw settings.fail('ssl.keystore.location', (error as Error).message.replace(/^error:[0-9A-F]+:/, ''));
  }
  return options;
}

function fromStore<T>(settings: ListenerSettings, name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof StoreError ? settings.fail(name, error.message) : error;
  }
}

function versions(settings: ListenerSettings): TlsOptions {
  const named = settings.list('ssl.enabled.protocols');
  const other = named.filter((name) => name !== 'TLSv1.2' && name !== 'TLSv1.3');
  if (other.length > 0 || named.length === 0) {
    throw settings.fail('ssl.enabled.protocols', `${other.join(', ') || 'none'}: offered are TLSv1.2 and TLSv1.3`);
  }
  const enabled = [...named].sort() as SecureVersion[];
  return { minVersion: enabled[0] as SecureVersion, maxVersion: enabled.at(-1) as SecureVersion };
}
