/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** "topic-0": how Kafka prints a partition. Unique, so it also serves as a map key. */
export const partitionName = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

/** Groups partitions by topic, keeping their order. */
export function byTopic(partitions: Iterable<TopicPartition>): Map<string, number[]> {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of partitions) {
    const list = topics.get(topic);
    if (list) list.push(partition);
    else topics.set(topic, [partition]);
  }
  return topics;
}
