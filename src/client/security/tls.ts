/** `ssl.*` properties as options of Node's TLS. */
import type { SecureVersion, ConnectionOptions as TlsOptions } from 'node:tls';
import { ConfigError } from '../config.js';
import type { Properties } from '../properties.js';
import { readKeyStore, readTrustStore } from './stores.js';

const VERSIONS: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

export function readTls(properties: Properties): TlsOptions {
  const ca = readTrustStore(properties);
  const identity = readKeyStore(properties);
  const verify = properties.get('ssl.endpoint.identification.algorithm')?.trim().toLowerCase() ?? 'https';
  if (verify !== 'https' && verify !== '') {
    throw new ConfigError(`ssl.endpoint.identification.algorithm is https or empty, not ${verify}`);
  }
  const ciphers = cipherNames(properties.get('ssl.cipher.suites'));
  return {
    ...protocolRange(properties),
    ...(ca && { ca }),
    ...identity,
    ...(ciphers !== undefined && { ciphers }),
    ...(verify === '' && { checkServerIdentity: () => undefined }),
  };
}

/** Node knows a lowest and a highest version; what lies between two that are enabled is enabled too. */
function protocolRange(properties: Properties): Pick<TlsOptions, 'minVersion' | 'maxVersion'> {
  const named = (properties.get('ssl.enabled.protocols') ?? properties.get('ssl.protocol') ?? 'TLSv1.2,TLSv1.3')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'TLS');
  const unknown = named.find((name) => !VERSIONS.includes(name as SecureVersion));
  if (unknown !== undefined) throw new ConfigError(`ssl.enabled.protocols: ${unknown} is not supported`);
  const enabled = VERSIONS.filter((version) => named.includes(version));
  const low = enabled[0] ?? 'TLSv1.2';
  return { minVersion: low, maxVersion: enabled[enabled.length - 1] ?? 'TLSv1.3' };
}

/** Java names suites as the standards do; OpenSSL has its own names below TLS 1.3. */
function cipherNames(suites: string | undefined): string | undefined {
  const names = (suites ?? '').split(',').map((name) => name.trim());
  const own = names.filter((name) => name !== '').map(opensslName);
  return own.length > 0 ? own.join(':') : undefined;
}

function opensslName(suite: string): string {
  const match =
    /^TLS_(ECDHE_RSA|ECDHE_ECDSA|DHE_RSA|RSA)_WITH_(AES_(?:128|256)_(?:GCM|CBC)|CHACHA20_POLY1305)_SHA(\d*)$/.exec(
      suite,
    );
  if (!match) return suite;
  const [, exchange = '', cipher = '', hash = ''] = match;
  if (cipher.startsWith('CHACHA')) return `${exchange.replace('_', '-')}-CHACHA20-POLY1305`;
  const body = cipher.replace(/^AES_(\d+)_GCM$/, 'AES$1-GCM').replace(/^AES_(\d+)_CBC$/, 'AES$1');
  const prefix = exchange === 'RSA' ? '' : `${exchange.replace('_', '-')}-`;
  return `${prefix}${body}-SHA${hash}`;
}
