/**
 * The open logs of one broker, by topic and partition. A log is opened on first use and closed with the broker; its
 * directory goes when the topic does. Opening is shared: who asks while it is under way waits for the same.
 */
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LogConfig, Partition } from '../log/partition.js';
import { Errors, KafkaError } from '../protocol/errors.js';
import type { TopicState } from './broker.js';
import { syncDir } from './meta-properties.js';

export type OpenPartition = (where: {
  dir: string;
  topic: string;
  partition: number;
  topicId: string;
  config: LogConfig;
}) => Promise<Partition>;

interface Entry {
  log: Partition | undefined;
  opening: Promise<Partition> | undefined;
}

export class Logs {
  readonly #dir: string;
  readonly #open: OpenPartition;
  readonly #topics = new Map<string, { id: string; entries: Entry[] }>();
  /** logs that are being closed or deleted */
  readonly #leaving = new Set<Promise<void>>();
  #closed = false;

  constructor(dir: string, open: OpenPartition) {
    this.#dir = dir;
    this.#open = open;
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
    if (!entry.opening) {
      // a topic of the same name may just be on its way out
      const gone = this.#leaving.size > 0 ? Promise.all(this.#leaving) : Promise.resolve();
      entry.opening = gone.then(() =>
        this.#open({
          dir: join(this.#dir, `${topic.name}-${partition}`),
          topic: topic.name,
          partition,
          topicId: topic.id,
          config: config(),
        }),
      );
      entry.opening.then(
        (log) => {
          entry.log = log;
          entry.opening = undefined;
        },
        () => {
          entry.opening = undefined;
        },
      );
    }
    return entry.opening;
  }

  /** Closes a topic's logs and removes their directories: renamed first, as Kafka does, so that none is half there. */
  delete(topic: TopicState): void {
    const entries = this.#topics.get(topic.name)?.entries ?? [];
    this.#topics.delete(topic.name);
    const work = async (): Promise<void> => {
      for (const { index } of topic.partitions) {
        const entry = entries[index];
        const log = entry?.log ?? (await entry?.opening?.catch(() => undefined));
        await log?.close().catch(() => {});
        const dir = join(this.#dir, `${topic.name}-${index}`);
        const doomed = join(this.#dir, `${topic.name.slice(0, 200)}-${index}.${deletionId()}-delete`);
        try {
          renameSync(dir, doomed);
          rmSync(doomed, { recursive: true, force: true });
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        }
      }
      syncDir(this.#dir);
    };
    const leaving = work()
      .catch(() => {})
      .finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#leaving);
    const closing: Promise<unknown>[] = [];
    for (const { entries } of this.#topics.values()) {
      for (const entry of entries) {
        if (!entry) continue;
        const log = entry.log ? Promise.resolve(entry.log) : entry.opening;
        if (log) closing.push(log.then((l) => l.close()));
      }
    }
    this.#topics.clear();
    const failed = (await Promise.allSettled(closing)).find((r) => r.status === 'rejected');
    if (failed) throw failed.reason;
  }
}

const deletionId = (): string => crypto.randomUUID().replaceAll('-', '');
