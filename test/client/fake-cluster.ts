/** A fake cluster of two or more brokers over real sockets with one topic, `t`. Tests move leaders, delay replicas and truncate logs. */
import { connect } from '../../src/client/cluster/connect.js';
import type { Cluster } from '../../src/client/cluster/types.js';
import { consumerConfig } from '../../src/client/consumer/config.js';
import { Consumer } from '../../src/client/consumer/consumer.js';
import { Errors } from '../../src/protocol/errors.js';
import { buildBatch } from '../../src/protocol/records/builder.js';
import { RecordCursor } from '../../src/protocol/records/cursor.js';
import { type Answer, type Call, type FakeBroker, fakeBroker } from './fake-broker.js';

export interface FetchedFrom {
  readonly node: number;
  readonly partition: number;
  readonly offset: number;
  readonly sessionId: number;
  readonly sessionEpoch: number;
  /** ms, of performance.now() */
  readonly at: number;
}

interface Batch {
  readonly offset: number;
  readonly epoch: number;
  readonly value: string;
}

export class FakePartition {
  leader = 1;
  leaderEpoch = 0;
  start = 0;
  log: Batch[] = [];

  get end(): number {
    return (this.log.at(-1)?.offset ?? this.start - 1) + 1;
  }

  append(...values: string[]): void {
    for (const value of values) this.log.push({ offset: this.end, epoch: this.leaderEpoch, value });
  }

  /** Elects a new leader; with `keep`, an unclean one whose log ends at that offset. */
  elect(leader: number, keep = this.end): void {
    this.leader = leader;
    this.leaderEpoch++;
    this.log = this.log.filter(({ offset }) => offset < keep);
  }

  records(offset: number, limit = 100): Buffer {
    const batches = this.log.filter((batch) => batch.offset >= offset).slice(0, limit);
    return Buffer.concat(
      batches.map(({ offset: baseOffset, epoch, value }) => {
        const batch = Buffer.from(buildBatch({ baseOffset, records: [{ value }] }));
        batch.writeInt32BE(epoch, 12);
        return batch;
      }),
    );
  }

  /** The end offset of the largest epoch that is not above the given one. */
  endOf(epoch: number): { leaderEpoch: number; endOffset: bigint } {
    if (epoch === this.leaderEpoch) return { leaderEpoch: epoch, endOffset: BigInt(this.end) };
    const first = this.log.find((batch) => batch.epoch > epoch);
    const last = this.log.findLast((batch) => batch.epoch <= epoch);
    if (!last) return { leaderEpoch: -1, endOffset: -1n };
    return { leaderEpoch: last.epoch, endOffset: BigInt(first?.offset ?? this.end) };
  }
}

interface Options {
  readonly partitions?: number;
  readonly racks?: readonly string[];
  /** responses that override the cluster's; returning `undefined` keeps the cluster's */
  readonly answers?: (node: number, call: Call) => ReturnType<Answer>;
  /** modifies a partition's Fetch response */
  readonly fetched?: (node: number, answer: any, asked: any) => object | undefined | Promise<object | undefined>;
  readonly sessions?: boolean;
}

export const ID = 'AAAAAAAAAAAAAAAAAAAAAQ';

export class FakeCluster {
  topicId = ID;
  readonly partitions: FakePartition[];
  readonly fetches: FetchedFrom[] = [];
  readonly offlineReplicas: number[] = [];
  /** fetch sessions by node, each with its partitions by number */
  readonly sessions = new Map<number, Map<number, any>>();
  readonly #nodes = new Map<number, FakeBroker>();
  readonly #options: Options;
  readonly #opened: Cluster[] = [];
  #nextSession = 1;

  private constructor(options: Options) {
    this.#options = options;
    this.partitions = Array.from({ length: options.partitions ?? 1 }, () => new FakePartition());
  }

  static async start(options: Options = {}): Promise<FakeCluster> {
    const cluster = new FakeCluster(options);
    for (const node of [1, 2]) {
      cluster.#nodes.set(node, await fakeBroker({ answers: cluster.#answers(node) }));
    }
    return cluster;
  }

  get partition(): FakePartition {
    return this.partitions[0] as FakePartition;
  }

  get bootstrap(): string {
    return [...this.#nodes.values()].map(({ port }) => `localhost:${port}`).join(',');
  }

  /** The requests of one API that a node has received. */
  seen(node: number, api: string): number {
    return this.#nodes.get(node)?.seen.filter((name) => name.startsWith(`${api} `)).length ?? 0;
  }

  async kill(node: number): Promise<void> {
    const broker = this.#nodes.get(node);
    this.#nodes.delete(node);
    await broker?.close();
  }

  /** A client of the cluster, which is closed with it. */
  client(properties: Readonly<Record<string, string>> = {}): Cluster {
    const cluster = connect({ bootstrap: this.bootstrap, properties: new Map(Object.entries(properties)) });
    this.#opened.push(cluster);
    return cluster;
  }

  /** A consumer of partition 0 from the beginning, with functions to read from it. */
  consumer(properties: Readonly<Record<string, string>> = {}, start = 0) {
    const all = { 'fetch.max.wait.ms': '100', 'retry.backoff.ms': '20', ...properties };
    const consumer = new Consumer(this.client(all), consumerConfig(new Map(Object.entries(all))));
    const warnings: string[] = [];
    consumer.onWarning = (line) => warnings.push(line);
    consumer.assign({ topic: 't', partition: 0 }, start);
    const values: string[] = [];
    /** Reads until there are that many values in total, or until the timeout. */
    const read = async (count: number, timeoutMs = 5000): Promise<string[]> => {
      const cursor = new RecordCursor();
      const ends = Date.now() + timeoutMs;
      while (values.length < count && Date.now() < ends) {
        const fetched = await consumer.poll(ends - Date.now(), new AbortController().signal);
        if (!fetched) break;
        while (fetched.next(cursor)) {
          while (cursor.next()) if (cursor.offset >= fetched.position) values.push(String(cursor.value()));
        }
        fetched.done();
      }
      return values;
    };
    return { consumer, warnings, values, read };
  }

  async close(): Promise<void> {
    for (const cluster of this.#opened) await cluster.close();
    for (const node of [...this.#nodes.keys()]) await this.kill(node);
  }

  #answers(node: number): Record<string, Answer> {
    const standard: Record<string, (call: Call) => ReturnType<Answer>> = {
      Metadata: () => this.metadata(),
      Fetch: (call) => this.#fetch(node, call),
      ListOffsets: ({ body }) => this.#listOffsets(body),
      OffsetForLeaderEpoch: ({ body }) => this.#epochEnds(node, body),
    };
    const answers: Record<string, Answer> = {};
    for (const [name, answer] of Object.entries(standard)) {
      answers[name] = async (call) => (await this.#options.answers?.(node, call)) ?? answer(call);
    }
    return answers;
  }

  /** The Metadata response of every node. */
  metadata() {
    return {
      brokers: [...this.#nodes].map(([nodeId, { port }]) => ({
        nodeId,
        host: 'localhost',
        port,
        rack: this.#options.racks?.[nodeId - 1] ?? null,
      })),
      clusterId: 'c',
      controllerId: 1,
      topics: [
        {
          errorCode: 0,
          name: 't',
          topicId: this.topicId,
          partitions: this.partitions.map(({ leader, leaderEpoch }, partitionIndex) => ({
            errorCode: 0,
            partitionIndex,
            leaderId: leader,
            leaderEpoch,
            replicaNodes: [1, 2],
            isrNodes: [1, 2],
            offlineReplicas: this.offlineReplicas,
          })),
        },
      ],
    };
  }

  #listOffsets(body: any) {
    const answer = ({ partitionIndex, timestamp }: { partitionIndex: number; timestamp: bigint }) => {
      const { start, end, leaderEpoch } = this.partitions[partitionIndex] as FakePartition;
      return { partitionIndex, errorCode: 0, offset: BigInt(timestamp === -2n ? start : end), leaderEpoch };
    };
    return {
      topics: body.topics.map((topic: any) => ({ name: topic.name, partitions: topic.partitions.map(answer) })),
    };
  }

  #epochEnds(node: number, body: any) {
    const answer = ({ partition, leaderEpoch, currentLeaderEpoch }: any) => {
      const errorCode = this.#refusal(node, this.partitions[partition] as FakePartition, currentLeaderEpoch, true);
      return { partition, errorCode, ...(this.partitions[partition] as FakePartition).endOf(leaderEpoch) };
    };
    return { topics: body.topics.map(({ topic, partitions }: any) => ({ topic, partitions: partitions.map(answer) })) };
  }

  #refusal(node: number, partition: FakePartition, epoch: number, leaderOnly = false): number {
    if (epoch >= 0 && epoch < partition.leaderEpoch) return Errors.FENCED_LEADER_EPOCH;
    if (epoch > partition.leaderEpoch) return Errors.UNKNOWN_LEADER_EPOCH;
    return leaderOnly && partition.leader !== node ? Errors.NOT_LEADER_OR_FOLLOWER : 0;
  }

  async #fetch(node: number, { body }: Call) {
    const { sessionId, sessionEpoch } = body;
    let asked = body.topics.flatMap((topic: any) =>
      topic.partitions.map((p: any) => ({ ...p, topicId: topic.topicId })),
    );
    let id = 0;
    if (this.#options.sessions) {
      if (sessionEpoch > 0 && !this.sessions.has(sessionId)) {
        return { errorCode: Errors.FETCH_SESSION_ID_NOT_FOUND, sessionId: 0, responses: [] };
      }
      this.sessions.delete(sessionEpoch === 0 ? sessionId : -1);
      id = sessionEpoch > 0 ? sessionId : this.#nextSession++;
      const session = this.sessions.get(id) ?? new Map();
      this.sessions.set(id, session);
      for (const topic of body.forgottenTopicsData) {
        for (const p of topic.partitions) if (session.get(p)?.topicId === topic.topicId) session.delete(p);
      }
      for (const p of asked) session.set(p.partition, p);
      asked = [...session.values()];
    }
    const at = performance.now();
    for (const { partition, fetchOffset } of asked) {
      this.fetches.push({ node, partition, offset: Number(fetchOffset), sessionId, sessionEpoch, at });
    }
    const answers: any[] = [];
    for (const p of asked) {
      const standard = this.#partition(node, p, body.rackId);
      answers.push((await this.#options.fetched?.(node, standard, p)) ?? standard);
    }
    const idle = answers.every((a) => a.errorCode === 0 && a.records.length === 0 && !(a.preferredReadReplica >= 0));
    if (idle && !answers.some((a) => a.early)) await new Promise((resolve) => setTimeout(resolve, body.maxWaitMs));
    const topicId = asked[0]?.topicId ?? this.topicId;
    return { errorCode: 0, sessionId: id, responses: [{ topic: 't', topicId, partitions: answers }] };
  }

  #partition(node: number, asked: any, rack: string) {
    const partition = this.partitions[asked.partition] as FakePartition;
    const offset = Number(asked.fetchOffset);
    const base = { partitionIndex: asked.partition, highWatermark: BigInt(partition.end), records: Buffer.alloc(0) };
    if (asked.topicId !== this.topicId) return { ...base, errorCode: Errors.UNKNOWN_TOPIC_ID };
    const refused = this.#refusal(node, partition, asked.currentLeaderEpoch);
    if (refused !== 0) return { ...base, errorCode: refused };
    const near = (this.#options.racks ?? []).indexOf(rack) + 1;
    if (node === partition.leader && near > 0 && near !== node && this.#nodes.has(near)) {
      return { ...base, errorCode: 0, preferredReadReplica: near };
    }
    if (node !== partition.leader && rack === '') return { ...base, errorCode: Errors.NOT_LEADER_OR_FOLLOWER };
    if (offset < partition.start || offset > partition.end) {
      return { ...base, errorCode: Errors.OFFSET_OUT_OF_RANGE };
    }
    return { ...base, errorCode: 0, records: partition.records(offset), abortedTransactions: null };
  }
}
