import { parseBootstrap } from './bootstrap.js';
import type { Cluster } from './cluster.js';
import { readTimeouts } from './config.js';
import type { Properties } from './properties.js';
import { readSecurity } from './security.js';
import { WireCluster } from './wire.js';

export interface ConnectOptions {
  /** "host:port,[::1]:9092" */
  readonly bootstrap: string;
  /** settings under their Java names */
  readonly properties?: Properties;
  /** default: the properties' client.id, else "ts-kafka" */
  readonly clientId?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** told why, each time a broker could not be reached and the call waits */
  readonly onWait?: (reason: Error) => void;
}

/** A cluster that connects when it is first asked for something. Throws ConfigError for settings that cannot be used. */
export function connect(options: ConnectOptions): Cluster {
  const properties = options.properties ?? new Map();
  return new WireCluster({
    bootstrap: parseBootstrap(options.bootstrap),
    clientId: properties.get('client.id') ?? options.clientId ?? 'ts-kafka',
    timeouts: readTimeouts(properties),
    ...readSecurity(properties, options.env ?? {}),
    ...(options.onWait && { onWait: options.onWait }),
  });
}
