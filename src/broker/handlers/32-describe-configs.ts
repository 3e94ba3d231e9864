/** DescribeConfigs v1-4: of topics, this broker, the cluster-wide defaults, groups and client metrics subscriptions. */

import { isInteger } from '../../java/integer.js';
import { invalidTopicName } from '../../kafka/topic-names.js';
import { describeConfigs } from '../../protocol/apis/32-describe-configs.js';
import { Errors, errorText, KafkaError } from '../../protocol/errors.js';
import { BROKER_RESOURCE, type Broker, CLIENT_METRICS_RESOURCE, GROUP_RESOURCE, TOPIC_RESOURCE } from '../api.js';
import {
  type Described,
  describeBroker,
  describeClientMetrics,
  describeCluster,
  describeGroup,
  describeTopic,
} from '../config/describe.js';
import { handler } from '../handler.js';

const BROKER_LOGGER = 8;

export default handler({
  api: describeConfigs,
  handle(request, _context, broker) {
    const results = request.resources.map(({ resourceType, resourceName, configurationKeys }) => {
      try {
        const all = describe(broker, resourceType, resourceName);
        const requested = configurationKeys?.length ? all.filter((c) => configurationKeys.includes(c.name)) : all;
        const configs = request.includeSynonyms ? requested : requested.map((c) => ({ ...c, synonyms: [] }));
        return { errorCode: 0, errorMessage: null, resourceType, resourceName, configs };
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        const message = error.message !== errorText(error.code) ? error.message : isMissingTopic(error) ? '' : null;
        return { errorCode: error.code, errorMessage: message, resourceType, resourceName, configs: [] };
      }
    });
    return { throttleTimeMs: 0, results };
  },
});

/** For a nonexistent topic Kafka sends an empty error message instead of null. */
const isMissingTopic = ({ code }: KafkaError): boolean => code === Errors.UNKNOWN_TOPIC_OR_PARTITION;

function describe(broker: Broker, type: number, name: string): Described[] {
  const overrides = broker.metadata.configs(type, name);
  switch (type) {
    case TOPIC_RESOURCE: {
      const wrong = invalidTopicName(name);
      if (wrong !== null) throw new KafkaError(Errors.INVALID_TOPIC_EXCEPTION, wrong);
      if (!broker.metadata.topic(name)) throw new KafkaError(Errors.UNKNOWN_TOPIC_OR_PARTITION);
      return describeTopic(overrides, broker.config);
    }
    case BROKER_RESOURCE:
      if (name === '') return describeCluster(broker.config);
      checkBrokerId(broker, name, ' or empty string,');
      return describeBroker(broker.config);
    case BROKER_LOGGER:
      if (name === '') throw new KafkaError(Errors.INVALID_REQUEST, 'Broker id must not be empty');
      checkBrokerId(broker, name, '');
      return [];
    case CLIENT_METRICS_RESOURCE:
      if (name !== '') return describeClientMetrics(overrides);
      throw new KafkaError(Errors.INVALID_REQUEST, 'Client metrics subscription name must not be empty');
    case GROUP_RESOURCE:
      if (name !== '') return describeGroup(overrides, broker.config);
      throw new KafkaError(Errors.INVALID_REQUEST, 'Group name must not be empty');
    default:
      throw new KafkaError(Errors.INVALID_REQUEST, `Unexpected resource type UNKNOWN for resource ${name}`);
  }
}

function checkBrokerId(broker: Broker, name: string, or: string): void {
  if (!isInteger(name)) {
    throw new KafkaError(Errors.INVALID_REQUEST, `Broker id must be an integer, but it is: ${name}`);
  }
  if (Number(name) === broker.nodeId) return;
  throw new KafkaError(
    Errors.INVALID_REQUEST,
    `Unexpected broker id, expected ${broker.nodeId}${or} but received ${name}`,
  );
}
