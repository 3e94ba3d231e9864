/** CONTRACT (to be implemented): the broker's parts, as handlers see them. */
import type { Partition } from '../log/partition.js';

export interface PartitionState {
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
}

export interface TopicState {
  readonly name: string;
  readonly id: string;
  readonly partitions: PartitionState[];
}

export interface Broker {
  readonly clusterId: string;
  readonly nodeId: number;
  readonly now: () => number;
  /** a broker setting by Kafka's name, typed by the config table */
  setting(name: string): string | number | boolean;
  readonly metadata: {
    topic(name: string): TopicState | undefined;
    topicById(id: string): TopicState | undefined;
    topics(): Iterable<TopicState>;
  };
  /** The open log of a partition; undefined when the metadata has no such partition. Opens it (and makes its files) on first use. */
  log(topic: string, partition: number): Promise<Partition | undefined>;
  /** Creates an internal or auto-created topic if it is not there. */
  ensureTopic(name: string): Promise<TopicState>;
}
