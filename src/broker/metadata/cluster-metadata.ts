/** The log of __cluster_metadata itself: it has an id and configs that no record names. */
import type { LogConfig } from '../../log/partition.js';
import { BrokerConfig } from '../config/broker-config.js';
import { topicLogConfig } from '../config/topic-config.js';

export const CLUSTER_METADATA_ID = 'AAAAAAAAAAAAAAAAAAAAAQ';

/** Nothing is rolled away, nothing is compacted: for logs that are only read, and for the metadata. */
export const ANY_TOPIC_CONFIG: LogConfig = {
  ...topicLogConfig(new Map(), new BrokerConfig([])),
  cleanupPolicy: ['delete'],
  retentionMs: -1,
  retentionBytes: -1,
};
