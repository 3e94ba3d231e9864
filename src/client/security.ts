/** security.protocol and what belongs to it, as kafkajs's ssl and sasl options. */
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { ConfigError } from './config.js';
import type { SaslOptions } from './kafkajs-patches.js';
import type { Properties } from './properties.js';

export interface Security {
  readonly ssl: TlsOptions | null;
  readonly sasl: SaslOptions | null;
}

const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'];

/** Throws ConfigError for a setting that cannot be used. */
export function readSecurity(properties: Properties, _env: Readonly<Record<string, string | undefined>>): Security {
  const protocol = (properties.get('security.protocol') ?? 'PLAINTEXT').trim().toUpperCase();
  if (!PROTOCOLS.includes(protocol)) {
    throw new ConfigError(
      `Invalid value ${properties.get('security.protocol')} for configuration security.protocol: String must be one of (case insensitive): ${PROTOCOLS.join(', ')}`,
    );
  }
  if (protocol !== 'PLAINTEXT') throw new ConfigError(`security.protocol=${protocol} is not supported yet`);
  return { ssl: null, sasl: null };
}
