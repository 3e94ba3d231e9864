import type { Properties } from '../../java/properties.js';
import { checkSettings } from '../../kafka/client-configs.js';
import { unknownProperties, unsupportedProperties } from '../../kafka/client-properties.js';
import { checkApiTimeout, readTimeouts } from '../../kafka/client-settings.js';
import { readSecurity } from '../security/index.js';
import { resolveProviders } from '../security/providers.js';
import { parseBootstrap } from './bootstrap.js';
import type { Cluster, Node } from './types.js';
import { WireCluster } from './wire-cluster.js';

export interface ConnectOptions {
  /** "host:port,[::1]:9092" */
  readonly bootstrap: string;
  /** `bootstrap` lists KRaft controllers, which serve few APIs */
  readonly controllers?: boolean;
  /** settings under their Java names */
  readonly properties?: Properties;
  /** default: the properties' client.id, else "ts-kafka" */
  readonly clientId?: string;
  /** validates the properties as Java's admin client does */
  readonly admin?: boolean;
  /** for `${env:…}` references and KAFKA_OPTS */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** called with one line per Kafka property that has no effect here */
  readonly warn?: (line: string) => void;
  /** called with one line per property that Kafka does not have */
  readonly hint?: (line: string) => void;
  /** called with the reason each time a broker cannot be reached and the call waits */
  readonly onWait?: (reason: Error) => void;
  /** called each time a broker's quotas throttle a connection, ms */
  readonly onThrottle?: (node: Node, ms: number) => void;
}

/** Creates a cluster; it connects on the first request. Throws ConfigError for invalid settings. */
export function connect(options: ConnectOptions): Cluster {
  const env = options.env ?? {};
  const properties = resolveProviders(options.properties ?? new Map(), env);
  for (const warning of unsupportedProperties(properties)) options.warn?.(warning);
  for (const hint of unknownProperties(properties)) options.hint?.(hint);
  if (options.admin) checkSettings(properties, 'admin');
  const settings = {
    bootstrap: parseBootstrap(options.bootstrap, options.controllers ? 'bootstrap.controllers' : 'bootstrap.servers'),
    controllers: options.controllers === true,
    clientId: properties.get('client.id') ?? options.clientId ?? 'ts-kafka',
    timeouts: readTimeouts(properties),
    ...readSecurity(properties, env),
    ...(options.onWait && { onWait: options.onWait }),
    ...(options.onThrottle && { onThrottle: options.onThrottle }),
  };
  if (options.admin) checkApiTimeout(settings.timeouts);
  return new WireCluster(settings);
}
