/** Broker and controller registrations as text. Mirrors the toString of BrokerRegistration and ControllerRegistration. */
import type { registerControllerRecord } from '../../protocol/messages/metadata-records.js';
import type { MessageOf } from '../../protocol/wire/schema.js';
import type { Broker } from './image.js';

type Controller = MessageOf<typeof registerControllerRecord>;

const SECURITY_PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'];
const MAX_SHORT = 32767;
const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);

function listenersText(endPoints: Broker['endPoints']): string {
  const texts = [...endPoints].sort(byName).map(({ name, host, port, securityProtocol }) => {
    const protocol = SECURITY_PROTOCOLS[securityProtocol] ?? 'UNKNOWN';
    return `Endpoint(listenerName='${name}', securityProtocol=${protocol}, host='${host}', port=${port})`;
  });
  return `[${texts.join(', ')}]`;
}

function rangeText(low: number, high: number): string {
  if (low === high) return String(low);
  return high === MAX_SHORT ? `${low}+` : `${low}-${high}`;
}

function featuresText(features: Broker['features']): string {
  const texts = [...features]
    .sort(byName)
    .map((f) => `${f.name}: ${rangeText(f.minSupportedVersion, f.maxSupportedVersion)}`);
  return `{${texts.join(', ')}}`;
}

export const brokerText = (broker: Broker): string =>
  `BrokerRegistration(id=${broker.brokerId}, epoch=${broker.brokerEpoch}, incarnationId=${broker.incarnationId}, ` +
  `listeners=${listenersText(broker.endPoints)}, supportedFeatures=${featuresText(broker.features)}, ` +
  `rack=${broker.rack === null ? 'Optional.empty' : `Optional[${broker.rack}]`}, fenced=${broker.fenced}, ` +
  `inControlledShutdown=${broker.inControlledShutdown}, isMigratingZkBroker=${broker.isMigratingZkBroker}, ` +
  `directories=[${[...broker.logDirs].sort().join(', ')}], cordonedDirectories=[${broker.cordonedLogDirs.join(', ')}])`;

export const controllerText = (controller: Controller): string =>
  `ControllerRegistration(id=${controller.controllerId}, incarnationId=${controller.incarnationId}, ` +
  `zkMigrationReady=${controller.zkMigrationReady}, listeners=${listenersText(controller.endPoints)}, ` +
  `supportedFeatures=${featuresText(controller.features)})`;
