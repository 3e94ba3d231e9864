/** The partition log of __cluster_metadata: its topic id and configs are fixed, no record defines them. */
import type { LogConfig } from '../../log/partition.js';
import { BrokerConfig } from '../config/broker-config.js';
import { topicLogConfig } from '../config/topic-config.js';

export const CLUSTER_METADATA_ID = 'AAAAAAAAAAAAAAAAAAAAAQ';

/** Never deletes or compacts anything: for the metadata log, and for logs that are only read. */
export const ANY_TOPIC_CONFIG: LogConfig = {
  ...topicLogConfig(new Map(), new BrokerConfig([])),
  cleanupPolicy: ['delete'],
  retentionMs: -1,
  retentionBytes: -1,
};
