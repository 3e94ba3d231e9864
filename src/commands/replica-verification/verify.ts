/** Compares the offsets and checksums of all replicas, batch by batch. */
import type { Cluster } from '../../client/cluster/types.js';
import { byTopic, partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import { fetch } from '../../protocol/apis/01-fetch.js';
import { lastOffset, nextBatch, storedCrc } from '../../protocol/records/layout.js';

export interface Replicated extends TopicPartition {
  readonly replicas: readonly number[];
  /** all replicas are identical below this offset */
  offset: number;
}

/** A replica's fetch response. Records above its high watermark are ignored. */
interface ReplicaFetch {
  readonly replica: number;
  readonly records: Buffer;
  readonly highWatermark: number;
}

/** The replica id of a debugging consumer: followers serve its fetches too. */
const DEBUGGING = -2;

export class Verifier {
  /** replicas have batches at different offsets, so that nothing beyond them can be compared */
  diverged = false;
  furthest = { lag: -1, name: '', offset: -1 };

  constructor(
    private readonly cluster: Cluster,
    private readonly places: readonly Replicated[],
    private readonly fetching: { readonly maxWaitMs: number; readonly maxBytes: number },
    private readonly stamped: (text: string) => string,
  ) {}

  /** Fetches from every replica and compares. Returns the differences as lines. */
  async round(): Promise<string[]> {
    const fetched = new Map<string, ReplicaFetch[]>(this.places.map((place) => [partitionName(place), []]));
    const nodes = new Set(this.places.flatMap(({ replicas }) => replicas));
    await Promise.all([...nodes].map((node) => this.#fetch(node, fetched)));
    this.furthest = { lag: -1, name: '', offset: -1 };
    return this.places.flatMap((place) => this.#compare(place, fetched.get(partitionName(place)) as ReplicaFetch[]));
  }

  async #fetch(node: number, fetched: ReadonlyMap<string, ReplicaFetch[]>): Promise<void> {
    const mine = this.places.filter(({ replicas }) => replicas.includes(node));
    const offsets = new Map(mine.map((place) => [partitionName(place), place.offset]));
    const topics = [...byTopic(mine)].map(([topic, partitions]) => ({
      topic,
      partitions: partitions.map((partition) => ({
        partition,
        fetchOffset: BigInt(offsets.get(partitionName({ topic, partition })) as number),
        partitionMaxBytes: this.fetching.maxBytes,
      })),
    }));
    const { maxWaitMs } = this.fetching;
    const body = { replicaId: DEBUGGING, maxWaitMs, minBytes: 1, topics, forgottenTopicsData: [], rackId: '' };
    const answer = await this.cluster.send(fetch, body as never, { to: { node }, atMost: 12 });
    for (const { topic, partitions } of answer.responses) {
      for (const { partitionIndex: partition, records, highWatermark } of partitions) {
        const list = fetched.get(partitionName({ topic, partition }));
        list?.push({ replica: node, records: records ?? Buffer.alloc(0), highWatermark: Number(highWatermark) });
      }
    }
  }

  #compare(place: Replicated, fetched: readonly ReplicaFetch[]): string[] {
    const lines: string[] = [];
    const at = fetched.map(() => 0);
    const name = partitionName(place);
    for (;;) {
      const ends = fetched.map(({ records }, i) => nextBatch(records, at[i] as number));
      const counts = fetched.every(
        ({ records, highWatermark }, i) =>
          (ends[i] as number) >= 0 && lastOffset(records, at[i] as number) < highWatermark,
      );
      if (!counts || fetched.length === 0) break;
      const found = fetched.map(({ replica, records }, i) => ({
        replica,
        last: lastOffset(records, at[i] as number),
        crc: storedCrc(records, at[i] as number),
      }));
      const [first, ...others] = found as [(typeof found)[0], ...typeof found];
      for (const other of others) {
        if (other.last !== first.last) {
          this.diverged = true;
          const offsets = `replica ${first.replica}'s offset ${first.last} doesn't match replica ${other.replica}'s offset ${other.last}`;
          return [...lines, this.stamped(`partition ${name}: ${offsets}`)];
        }
        if (other.crc === first.crc) continue;
        const sums = `replica ${first.replica}'s checksum ${first.crc}; replica ${other.replica}'s checksum ${other.crc}`;
        lines.push(this.stamped(`partition ${name} has unmatched checksum at offset ${first.last}; ${sums}`));
      }
      place.offset = first.last + 1;
      ends.forEach((end, i) => {
        at[i] = end;
      });
    }
    const end = Math.max(-1, ...fetched.map(({ highWatermark }) => highWatermark));
    if (end - place.offset > this.furthest.lag) this.furthest = { lag: end - place.offset, name, offset: place.offset };
    return lines;
  }
}
