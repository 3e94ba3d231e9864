/**
 * The open logs of one broker, by topic and partition: found without waiting once they are open. A log is opened on
 * first use; its directory goes when the topic does. Opening is shared: who asks while it is under way waits for the same.
 */
import type { LogDirectory } from '../log/directory.js';
import type { LogConfig, Partition } from '../log/partition.js';
import { Errors, KafkaError } from '../protocol/errors.js';
import type { TopicState } from './api.js';

interface Entry {
  log: Partition | undefined;
  opening: Promise<Partition> | undefined;
  /** why it could not be opened; said once, as clients go on asking */
  said?: string;
}

export class Logs {
  readonly #directory: LogDirectory;
  readonly #warn: (line: string) => void;
  readonly #topics = new Map<string, { id: string; entries: Entry[] }>();
  /** topics on their way out */
  readonly #leaving = new Set<Promise<void>>();
  #closed = false;

  constructor(directory: LogDirectory, warn: (line: string) => void) {
    this.#directory = directory;
    this.#warn = warn;
  }

  get(topic: string, partition: number): Partition | undefined {
    return this.#topics.get(topic)?.entries[partition]?.log;
  }

  /** Every open log. */
  *all(): Iterable<Partition> {
    for (const { entries } of this.#topics.values()) for (const entry of entries) if (entry?.log) yield entry.log;
  }

  async open(topic: TopicState, partition: number, config: () => LogConfig): Promise<Partition> {
    if (this.#closed) throw new KafkaError(Errors.NOT_LEADER_OR_FOLLOWER);
    let logs = this.#topics.get(topic.name);
    if (logs?.id !== topic.id) this.#topics.set(topic.name, (logs = { id: topic.id, entries: [] }));
    const entry = (logs.entries[partition] ??= { log: undefined, opening: undefined });
    if (entry.log) return entry.log;
    entry.opening ??= this.#open(entry, topic, partition, config);
    return entry.opening;
  }

  async #open(entry: Entry, topic: TopicState, partition: number, config: () => LogConfig): Promise<Partition> {
    try {
      // a topic of the same name may just be on its way out
      await Promise.all(this.#leaving);
      entry.log = await this.#directory.openPartition(topic.name, partition, topic.id, config());
      return entry.log;
    } catch (error) {
      const { message } = error as Error;
      if (message !== entry.said) this.#warn(`${topic.name}-${partition} cannot be opened: ${message}`);
      entry.said = message;
      throw error;
    } finally {
      entry.opening = undefined;
    }
  }

  /** Removes what a crash left of deleted topics; a directory that a topic of the same name has now is not touched. */
  deleteLeftovers(topics: readonly TopicState[]): void {
    if (topics.length === 0) return;
    const there = new Set(this.#directory.list());
    for (const topic of topics) {
      const partitions = topic.partitions.filter(
        ({ index }) => there.has(`${topic.name}-${index}`) && this.#directory.topicIdOf(topic.name, index) === topic.id,
      );
      if (partitions.length > 0) this.delete({ ...topic, partitions });
    }
  }

  /** Closes a topic's logs and removes their directories, once it is sure (`decided`) that the topic is gone. */
  delete(topic: TopicState, decided: Promise<void> = Promise.resolve()): void {
    const entries = this.#topics.get(topic.name)?.entries ?? [];
    this.#topics.delete(topic.name);
    const work = async (): Promise<void> => {
      await decided;
      for (const { index } of topic.partitions) {
        await entries[index]?.opening?.catch(() => {});
        await this.#directory.delete(topic.name, index);
      }
    };
    const leaving = work()
      .catch((error: Error) => this.#warn(`topic ${topic.name} is not wholly deleted: ${error.message}`))
      .finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  /** Opens none from now on; the directory closes those that are. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#leaving);
    this.#topics.clear();
  }
}
