/** A model of a cluster that checks each partition's sequence numbers as Kafka does, with scripted failures of requests and nodes. */

import { DisconnectError } from '../../src/client/cluster/failures.js';
import type { BrokerConnection, Cluster, TopicInfo } from '../../src/client/cluster/types.js';
import { Errors } from '../../src/protocol/errors.js';
import { RecordCursor } from '../../src/protocol/records/cursor.js';
import { batchSize, nextBatch, readBatchHeader } from '../../src/protocol/records/layout.js';

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export type Fault = 'none' | 'lost-request' | 'lost-answer' | 'refused';

export class ModelCluster {
  /** values of all partitions in order of arrival */
  readonly log: string[] = [];
  /** number of records in each partition */
  readonly counts: number[] = [];
  limit = 1_000_000;
  partitions = 1;
  /** number of nodes, with ids from 1; partition p is led by node 1 + p % nodes */
  nodes = 1;
  /** nodes that refuse connections */
  readonly down = new Set<number>();
  /** nodes that accept requests but never answer, until the request times out */
  readonly silent = new Set<number>();
  /** response time of a node, ms */
  readonly delayMs = new Map<number, number>();
  /** whether partitions of a node that is down have no leader in the metadata */
  elections = true;
  requests = 0;
  /** requests in flight, and their maximum so far */
  inFlight = 0;
  mostInFlight = 0;
  /** the outcome of the next request */
  fault: () => Fault = () => 'none';
  #producerId = 7n;
  #epoch = -1;
  readonly #last = new Map<number, { epoch: number; sequence: number }>();
  readonly #seen = new Map<string, number>();

  topic(name: string): TopicInfo {
    const partitions = Array.from({ length: this.partitions }, (_, partition) => ({
      partition,
      leader: this.elections && this.down.has(this.#leader(partition)) ? -1 : this.#leader(partition),
      leaderEpoch: 0,
      replicas: [this.#leader(partition)],
      isr: [this.#leader(partition)],
      offlineReplicas: [],
      errorCode: 0,
    }));
    return { name, topicId: 'AAAAAAAAAAAAAAAAAAAAAA', errorCode: 0, isInternal: false, partitions };
  }

  #leader(partition: number): number {
    return 1 + (partition % this.nodes);
  }

  append(batch: Buffer, partition = 0): number {
    const header = readBatchHeader(batch);
    if (batch.length > this.limit) return Errors.MESSAGE_TOO_LARGE;
    const { producerEpoch: epoch, baseSequence: sequence, recordCount: count } = header;
    const key = `${partition} ${epoch} ${sequence} ${count}`;
    const last = this.#last.get(partition);
    if (epoch >= 0) {
      if (this.#seen.has(key)) return 0;
      if (last && epoch < last.epoch) return Errors.INVALID_PRODUCER_EPOCH;
      const expected = last?.epoch === epoch ? last.sequence + 1 : last ? 0 : sequence;
      if (sequence !== expected) return Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
      this.#last.set(partition, { epoch, sequence: sequence + count - 1 });
      this.#seen.set(key, this.log.length);
    }
    const cursor = new RecordCursor();
    cursor.open(batch);
    while (cursor.next()) this.log.push(String(cursor.value()));
    this.counts[partition] = (this.counts[partition] ?? 0) + count;
    return 0;
  }

  async #produce(
    node: number,
    timeoutMs: number,
    body: { topicData: { name: string; partitionData: { index: number; records: Buffer }[] }[] },
  ) {
    this.requests++;
    const fault = this.fault();
    // copy the bytes as sent: a retry can rebuild the batch
    const parts = body.topicData[0]!.partitionData.map((p) => ({ index: p.index, records: Buffer.from(p.records) }));
    await sleep(this.delayMs.get(node) ?? 1);
    if (this.silent.has(node)) {
      await sleep(timeoutMs);
      throw new DisconnectError('no answer');
    }
    if (this.down.has(node)) throw new DisconnectError('gone');
    if (fault === 'lost-request') throw new DisconnectError('lost');
    const partitionResponses = parts.map(({ index, records }) => {
      if (nextBatch(records, 0) !== batchSize(records, 0)) throw new Error('not one whole batch');
      const errorCode = fault === 'refused' ? Errors.NOT_LEADER_OR_FOLLOWER : this.append(records, index);
      return { index, errorCode, errorMessage: null, recordErrors: [] };
    });
    if (fault === 'lost-answer') throw new DisconnectError('lost');
    return { responses: [{ partitionResponses }] };
  }

  /** The cluster as seen by the producer. */
  asCluster(): Cluster {
    const connections = new Map<number, BrokerConnection>();
    const connect = (node: number): BrokerConnection => {
      // responses arrive in the order of the requests
      let before: Promise<unknown> = Promise.resolve();
      return {
        version: () => 12,
        send: (_api: unknown, _version: number, body: never, { timeoutMs }: { timeoutMs: number }) => {
          this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
          const answer = before.then(() => this.#produce(node, timeoutMs, body));
          before = answer.catch(() => {}).finally(() => this.inFlight--);
          return answer;
        },
      } as unknown as BrokerConnection;
    };
    return {
      send: async (api: { key: number }) => {
        if (api.key === 22) return { errorCode: 0, producerId: this.#producerId, producerEpoch: ++this.#epoch };
        return { results: [{ configs: [{ name: 'max.message.bytes', value: String(this.limit) }] }] };
      },
      metadata: async () => ({ clusterId: null, controllerId: 1, brokers: [], topics: [this.topic('t')] }),
      connection: async (node: number) => {
        if (this.down.has(node)) throw new DisconnectError('refused');
        const connection = connections.get(node) ?? connect(node);
        connections.set(node, connection);
        return connection;
      },
    } as unknown as Cluster;
  }
}
