/** Validates dynamic configs of a broker or of the whole cluster. Mirrors DynamicBrokerConfig.validate. */

import { ConfigError, parseConfig } from '../../java/config-def.js';
import { isInteger } from '../../java/integer.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { Broker } from '../api.js';
import { BrokerConfig } from './broker-config.js';
import { brokerKey, brokerKeys } from './tables.js';

/** configs that can only be set per listener */
const PER_LISTENER = [
  'ssl.key.password',
  'ssl.keystore.type',
  'ssl.keystore.certificate.chain',
  'ssl.keystore.password',
  'ssl.truststore.password',
  'ssl.truststore.certificates',
  'ssl.truststore.location',
  'ssl.keystore.location',
  'ssl.truststore.type',
  'ssl.keystore.key',
];
const THREADS = [
  'num.io.threads',
  'num.network.threads',
  'num.replica.fetchers',
  'num.recovery.threads.per.data.dir',
  'background.threads',
];

/** `after` is the complete set of the resource's configs as it would be after the change. Throws KafkaError. */
export function checkBrokerChange(broker: Broker, name: string, after: ReadonlyMap<string, string>): void {
  if (name !== '') checkNodeId(broker, name);
  try {
    const refused = (names: readonly string[], message: string) => {
      if (names.length > 0) throw new ConfigError(`${message}: [${names.join(', ')}]`);
    };
    const names = [...after.keys()];
    const fixed = (one: string) => ['read-only', 'internal'].includes(brokerKeys.get(one)?.update ?? '');
    refused(names.filter(fixed), 'Cannot update these configs dynamically');
    refused(
      names.filter((one) => PER_LISTENER.includes(one)),
      'These security configs can be dynamically updated only per-listener using the listener prefix',
    );
    for (const [one, value] of after) {
      const key = brokerKey(one);
      if (key) parseConfig(key, value);
    }
    if (name === '') {
      refused(
        names.filter((one) => brokerKey(one)?.update === 'per-broker'),
        'Cannot update these configs at default cluster level, broker id must be specified',
      );
    }
    new BrokerConfig([...broker.config.properties, ...after]);
    checkThreads(broker.config, after);
  } catch (error) {
    if (error instanceof ConfigError) throw new KafkaError(Errors.INVALID_REQUEST, error.message);
    throw error;
  }
}

function checkNodeId(broker: Broker, name: string): void {
  if (!isInteger(name)) {
    throw new KafkaError(Errors.INVALID_REQUEST, `Node id must be an integer, but it is: ${name}`);
  }
  if (Number(name) === broker.nodeId) return;
  throw new KafkaError(Errors.INVALID_REQUEST, `Unexpected broker id, expected ${broker.nodeId}, but received ${name}`);
}

/** A thread pool can at most be doubled or halved in one change. */
function checkThreads(config: BrokerConfig, after: ReadonlyMap<string, string>): void {
  for (const name of THREADS) {
    const next = after.get(name);
    const now = config.setting(name) as number;
    if (next === undefined || Number(next) === now) continue;
    if (Number(next) > now * 2 || Number(next) < Math.trunc(now / 2)) {
      throw new ConfigError('Invalid dynamic configuration');
    }
  }
}
