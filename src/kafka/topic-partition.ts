/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** "topic-0": how Kafka prints a partition, and unique, so it is a key too. */
export const partitionName = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

/** The partitions of each topic, in the order they come. */
export function byTopic(partitions: Iterable<TopicPartition>): Map<string, number[]> {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of partitions) {
    const list = topics.get(topic);
    if (list) list.push(partition);
    else topics.set(topic, [partition]);
  }
  return topics;
}
