/** Converts `security.protocol`, `ssl.*` and `sasl.*` to kafkajs's ssl and sasl options. */
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { ConfigError } from '../../java/config-def.js';
import type { Properties } from '../../java/properties.js';
import type { SaslOptions } from '../cluster/kafkajs-connection.js';
import { readSasl } from './sasl.js';
import { readTls } from './tls.js';

export interface Security {
  readonly ssl: TlsOptions | null;
  readonly sasl: SaslOptions | null;
}

/** in the order of Java's error message (a HashMap's) */
const PROTOCOLS = ['SASL_SSL', 'PLAINTEXT', 'SSL', 'SASL_PLAINTEXT'];

/** Reads stores and JAAS files. Throws ConfigError for invalid settings. */
export function readSecurity(properties: Properties, env: Readonly<Record<string, string | undefined>>): Security {
  const named = properties.get('security.protocol') ?? 'PLAINTEXT';
  const protocol = named.trim().toUpperCase();
  if (!PROTOCOLS.includes(protocol)) {
    throw new ConfigError(
      `Invalid value ${named} for configuration security.protocol: String must be one of (case insensitive): ${PROTOCOLS.join(', ')}`,
    );
  }
  const ssl = protocol.endsWith('SSL') ? readTls(properties) : null;
  const sasl = protocol.startsWith('SASL') ? readSasl(properties, env, ssl) : null;
  return { ssl, sasl };
}
