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
  /** `bootstrap` names KRaft controllers, which serve few requests */
  readonly controllers?: boolean;
  /** settings under their Java names */
  readonly properties?: Properties;
  /** default: the properties' client.id, else "ts-kafka" */
  readonly clientId?: string;
  /** checks the properties as Java's admin client does */
  readonly admin?: boolean;
  /** for `${env:…}` references and KAFKA_OPTS */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** told, in one line each, which properties of Kafka's have no effect here */
  readonly warn?: (line: string) => void;
  /** told, in one line each, which properties are none of Kafka's */
  readonly hint?: (line: string) => void;
  /** told why, each time a broker could not be reached and the call waits */
  readonly onWait?: (reason: Error) => void;
  /** told of every time for which a broker's quotas stop a connection, ms */
  readonly onThrottle?: (node: Node, ms: number) => void;
}

/** A cluster that connects when it is first asked for something. Throws ConfigError for settings that cannot be used. */
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
