/** `ssl.*` properties as options of Node's TLS. */
import type { SecureVersion, ConnectionOptions as TlsOptions } from 'node:tls';
import { ConfigError } from '../../java/config-def.js';
import type { Properties } from '../../java/properties.js';
import { ClientCreationError } from '../../kafka/client-settings.js';
import { cipherNames } from '../../security/ciphers.js';
import { StoreError } from '../../security/errors.js';
import { readKeyStore, readTrustStore } from '../../security/stores.js';

const VERSIONS: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/** Options of tls.connect. Throws ConfigError for stores that cannot be read. */
export function readTls(properties: Properties): TlsOptions {
  const ca = fromStore(() => readTrustStore(properties));
  const identity = fromStore(() => readKeyStore(properties));
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

/** Node only supports a minimum and a maximum version, so versions between two enabled ones are enabled too. */
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

function fromStore<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof StoreError ? new ClientCreationError(error.message) : error;
  }
}
