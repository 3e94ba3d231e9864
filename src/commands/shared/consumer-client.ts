/** How a command creates a consumer and joins its group. */
import type { Io } from '../../cli/io.js';
import type { Cluster } from '../../client/cluster/types.js';
import { consumerConfig } from '../../client/consumer/config.js';
import { Consumer } from '../../client/consumer/consumer.js';
import type { Subscription } from '../../client/consumer/subscription.js';
import { resolveProviders } from '../../client/security/providers.js';
import type { Properties } from '../../java/properties.js';
import { openCluster } from './connection.js';

/** Creates a consumer. Throws ConfigError, ClientCreationError and JavaError. */
export function openConsumer(io: Io, bootstrap: string, settings: Properties): Consumer {
  const properties = resolveProviders(settings, io.env);
  const config = consumerConfig(properties);
  const consumer = new Consumer(consumerCluster(io, bootstrap, properties, config), config);
  consumer.onWarning = (line) => void io.stderr.write(`${line}\n`);
  return consumer;
}

/** The cluster of a consumer or share consumer. Throws like `openConsumer`. */
export function consumerCluster(
  io: Io,
  bootstrap: string,
  properties: Properties,
  config: { readonly apiTimeoutMs: number; readonly requestTimeoutMs: number },
): Cluster {
  // connect() rejects default.api.timeout.ms < request.timeout.ms, as the admin client does; consumers allow it
  const apiTimeout = String(Math.max(config.apiTimeoutMs, config.requestTimeoutMs));
  const raised = new Map([...properties, ['default.api.timeout.ms', apiTimeout]]);
  return openCluster(io, { bootstrap, properties: raised });
}

/** Joins the group. Loads only the group protocol in use. */
export async function subscribe(consumer: Consumer, subscription: Subscription): Promise<void> {
  const membership =
    consumer.config.groupProtocol === 'classic'
      ? new (await import('../../client/groups/classic.js')).ClassicGroup(consumer, subscription)
      : new (await import('../../client/groups/modern.js')).ModernGroup(consumer, subscription);
  consumer.subscribe(membership);
}
