/** A Kafka Streams topology description, in StreamsGroupHeartbeat and StreamsGroupDescribe (KIP-1331). */
import { array, int8, nullable, optional, string, struct } from './wire/schema.js';

/** The values of `nodeType`. */
export const NODE_SOURCE = 1;
export const NODE_PROCESSOR = 2;
export const NODE_SINK = 3;

const node = struct({
  name: string,
  nodeType: int8,
  sourceTopics: array(string),
  sinkTopic: optional(nullable(string), null),
  stores: array(string),
  successors: array(string),
});

export const topologyDescription = struct({
  subtopologies: array(
    struct({
      subtopologyId: string,
      nodes: array(node),
    }),
  ),
  globalStores: array(
    struct({
      source: node,
      processor: node,
    }),
  ),
});
