/** Applies config records as they are written, to the broker's configs and to open logs. */
import {
  BROKER_RESOURCE,
  type Broker,
  type Component,
  type MetadataRecord,
  TOPIC_RESOURCE,
  type TopicState,
} from '../api.js';
import { topicLogConfig } from './topic-config.js';

/** The component that subscribes to them. */
export function liveConfigs(broker: Broker): Component {
  const settings = () => {
    const { metadata, nodeId, config } = broker;
    config.setDynamic(metadata.configs(BROKER_RESOURCE, String(nodeId)), metadata.configs(BROKER_RESOURCE, ''));
  };
  const logs = (topic: TopicState) => {
    const config = topicLogConfig(broker.metadata.configs(TOPIC_RESOURCE, topic.name), broker.config);
    for (const { index } of topic.partitions) {
      const log = broker.openLog(topic.name, index);
      if (log) log.config = config;
    }
  };
  const onRecord = ({ message, value }: MetadataRecord) => {
    if (message.name !== 'ConfigRecord') return;
    const { resourceType, resourceName } = value as { resourceType: number; resourceName: string };
    if (resourceType === BROKER_RESOURCE) {
      settings();
      for (const topic of broker.metadata.topics()) logs(topic);
    } else if (resourceType === TOPIC_RESOURCE) {
      const topic = broker.metadata.topic(resourceName);
      if (topic) logs(topic);
    }
  };
  let unsubscribe = () => {};
  return {
    start() {
      settings();
      unsubscribe = broker.metadata.onRecord(onRecord);
    },
    stop: () => unsubscribe(),
  };
}
