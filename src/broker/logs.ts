/**
 * The open partition logs of one broker; looking up an open log does not wait. A log is opened on first use, and
 * concurrent callers share one opening. Its directory is deleted with its topic.
 */
import type { LogDirectory } from '../log/directory.js';
import type { LogConfig, Partition } from '../log/partition.js';
import { Errors, KafkaError } from '../protocol/errors.js';
import type { TopicState } from './api.js';

interface Entry {
  log: Partition | undefined;
  opening: Promise<Partition> | undefined;
  /** the last reported opening error: clients keep retrying, and each error is reported once */
  reportedError?: string;
}

/** The open logs by topic and partition. */
export class Logs {
  readonly #directory: LogDirectory;
  readonly #warn: (line: string) => void;
  readonly #topics = new Map<string, { id: string; entries: Entry[] }>();
  /** deletions in progress */
  readonly #deleting = new Set<Promise<void>>();
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
      // an older topic of the same name may still be being deleted
      await Promise.all(this.#deleting);
      entry.log = await this.#directory.openPartition(topic.name, partition, topic.id, config());
      return entry.log;
    } catch (error) {
      const { message } = error as Error;
      if (message !== entry.reportedError) this.#warn(`${topic.name}-${partition} cannot be opened: ${message}`);
      entry.reportedError = message;
      throw error;
    } finally {
      entry.opening = undefined;
    }
  }

  /**
   * Deletes directories of deleted topics that a crash left over, but not those that a new topic of the same name now
   * owns.
   */
  deleteLeftovers(topics: readonly TopicState[]): void {
    if (topics.length === 0) return;
    const existing = new Set(this.#directory.list());
    for (const topic of topics) {
      const partitions = topic.partitions.filter(
        ({ index }) =>
          existing.has(`${topic.name}-${index}`) && this.#directory.topicIdOf(topic.name, index) === topic.id,
      );
      if (partitions.length > 0) this.delete({ ...topic, partitions });
    }
  }

  /**
   * Closes a topic's logs and deletes their directories once `decided` resolves, that is, once the deletion is durable.
   */
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
    const deleting = work()
      .catch((error: Error) => this.#warn(`topic ${topic.name} was not completely deleted: ${error.message}`))
      .finally(() => this.#deleting.delete(deleting));
    this.#deleting.add(deleting);
  }

  /** Rejects further opens. The logs that are open are closed by the LogDirectory. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#deleting);
    this.#topics.clear();
  }
}
