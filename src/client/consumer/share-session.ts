/** A share session with one broker: what was said of partitions already, and what is to be acknowledged next. */

import type { TopicPartition } from '../../kafka/topic-partition.js';
import type { ConsumerMetadata } from './metadata.js';
import type { Acknowledged } from './share-fetched.js';

const FINAL = -1;

interface Place {
  readonly topicId: string;
  readonly partition: number;
}

const key = ({ topicId, partition }: Place): string => `${topicId} ${partition}`;

export class ShareSession {
  #epoch = 0;
  #sent = new Map<string, Place>();
  readonly #acks = new Map<string, { place: Place; batches: Acknowledged[] }>();

  get isNew(): boolean {
    return this.#epoch === 0;
  }

  acknowledge(topicId: string, partition: number, batches: readonly Acknowledged[]): void {
    if (batches.length === 0) return;
    const place = { topicId, partition };
    const known = this.#acks.get(key(place));
    if (known) known.batches.push(...batches);
    else this.#acks.set(key(place), { place, batches: [...batches] });
  }

  /** The parts of a ShareFetch that name partitions, with the acknowledgements that wait. */
  fetch(partitions: readonly TopicPartition[], metadata: ConsumerMetadata) {
    const now = new Map<string, Place>();
    for (const { topic, partition } of partitions) {
      const place = { topicId: metadata.topicId(topic), partition };
      now.set(key(place), place);
    }
    const added = [...now].filter(([name]) => !this.#sent.has(name)).map(([, place]) => place);
    const gone = [...this.#sent].filter(([name]) => !now.has(name)).map(([, place]) => place);
    this.#sent = now;
    return {
      shareSessionEpoch: this.#epoch,
      topics: this.#topics(added),
      forgottenTopicsData: gone.map(({ topicId, partition }) => ({ topicId, partitions: [partition] })),
    };
  }

  /** The parts of the ShareAcknowledge that ends the session. */
  close() {
    return { shareSessionEpoch: FINAL, topics: this.#topics([]) };
  }

  #topics(places: readonly Place[]) {
    const all = new Map(places.map((place) => [key(place), { place, batches: [] as Acknowledged[] }]));
    // the first request of a session cannot acknowledge: what an earlier one had acquired is released already
    if (!this.isNew) for (const [name, acks] of this.#acks) all.set(name, acks);
    this.#acks.clear();
    const topics = new Map<string, { topicId: string; partitions: Answer[] }>();
    for (const { place, batches } of all.values()) {
      const topic = topics.get(place.topicId) ?? { topicId: place.topicId, partitions: [] };
      topics.set(place.topicId, topic);
      topic.partitions.push({ partitionIndex: place.partition, acknowledgementBatches: batches });
    }
    return [...topics.values()];
  }

  /** The broker took the request. */
  answered(): void {
    this.#epoch = this.#epoch === 2147483647 ? 1 : this.#epoch + 1;
  }

  /** The broker dropped the session. */
  reset(): void {
    this.#epoch = 0;
    this.#sent.clear();
    this.#acks.clear();
  }
}

interface Answer {
  readonly partitionIndex: number;
  readonly acknowledgementBatches: Acknowledged[];
}
