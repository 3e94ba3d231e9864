/**
 * Lists the resources that have configs, by type. Mirrors KafkaApis.handleListConfigResources; v0 has client metrics
 * subscriptions only.
 */
import { listConfigResources } from '../../protocol/apis/74-list-config-resources.js';
import { Errors } from '../../protocol/errors.js';
import { BROKER_RESOURCE, type Broker, CLIENT_METRICS_RESOURCE, GROUP_RESOURCE, TOPIC_RESOURCE } from '../api.js';
import { handler } from '../handler.js';

const BROKER_LOGGER_RESOURCE = 8;
/** in the order of the response */
const NAMES: ReadonlyMap<number, (broker: Broker) => Iterable<string>> = new Map([
  [GROUP_RESOURCE, (b: Broker) => b.metadata.configuredResources(GROUP_RESOURCE)],
  [CLIENT_METRICS_RESOURCE, (b: Broker) => b.metadata.configuredResources(CLIENT_METRICS_RESOURCE)],
  [BROKER_LOGGER_RESOURCE, (b: Broker) => [String(b.nodeId)]],
  [BROKER_RESOURCE, (b: Broker) => [String(b.nodeId)]],
  [TOPIC_RESOURCE, (b: Broker) => [...b.metadata.topics()].map((t) => t.name)],
]);

export default handler({
  api: listConfigResources,
  handle(request, { apiVersion }, broker) {
    const supported = apiVersion === 0 ? [CLIENT_METRICS_RESOURCE] : [...NAMES.keys()];
    const requested = request.resourceTypes.length === 0 ? supported : request.resourceTypes;
    if (requested.some((type) => !supported.includes(type))) {
      return { throttleTimeMs: 0, errorCode: Errors.UNSUPPORTED_VERSION, configResources: [] };
    }
    const configResources = [...NAMES].flatMap(([resourceType, names]) =>
      requested.includes(resourceType)
        ? [...names(broker)].map((resourceName) => ({ resourceName, resourceType }))
        : [],
    );
    return { throttleTimeMs: 0, errorCode: Errors.NONE, configResources };
  },
});
