/** A cluster of one partition log that checks sequences as Kafka does, and fails as it is told to. */

import { DisconnectError } from '../../src/client/cluster/failures.js';
import type { BrokerConnection, Cluster, TopicInfo } from '../../src/client/cluster/types.js';
import { Errors } from '../../src/protocol/errors.js';
import { RecordCursor } from '../../src/protocol/records/cursor.js';
import { batchSize, nextBatch, readBatchHeader } from '../../src/protocol/records/layout.js';

export type Fault = 'none' | 'lost-request' | 'lost-answer' | 'refused';

export class ModelCluster {
  /** values in the order of the log */
  readonly log: string[] = [];
  limit = 1_000_000;
  partitions = 1;
  requests = 0;
  /** what happens to the next request */
  fault: () => Fault = () => 'none';
  #producerId = 7n;
  #epoch = -1;
  #last: { epoch: number; sequence: number } | undefined;
  readonly #seen = new Map<string, number>();

  topic(name: string): TopicInfo {
    const partitions = Array.from({ length: this.partitions }, (_, partition) => ({
      partition,
      leader: 1,
      leaderEpoch: 0,
      replicas: [1],
      isr: [1],
      offlineReplicas: [],
      errorCode: 0,
    }));
    return { name, topicId: 'AAAAAAAAAAAAAAAAAAAAAA', errorCode: 0, isInternal: false, partitions };
  }

  append(batch: Buffer): number {
    const header = readBatchHeader(batch);
    if (batch.length > this.limit) return Errors.MESSAGE_TOO_LARGE;
    const { producerEpoch: epoch, baseSequence: sequence, recordCount: count } = header;
    const key = `${epoch} ${sequence} ${count}`;
    if (epoch >= 0) {
      if (this.#seen.has(key)) return 0;
      const expected = this.#last?.epoch === epoch ? this.#last.sequence + 1 : this.#last ? 0 : sequence;
      if (sequence !== expected) return Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
      this.#last = { epoch, sequence: sequence + count - 1 };
      this.#seen.set(key, this.log.length);
    }
    const cursor = new RecordCursor();
    cursor.open(batch);
    while (cursor.next()) this.log.push(String(cursor.value()));
    return 0;
  }

  async #produce(body: { topicData: { name: string; partitionData: { index: number; records: Buffer }[] }[] }) {
    this.requests++;
    const fault = this.fault();
    // the bytes as they were sent: what is retried may be built anew
    const parts = body.topicData[0]!.partitionData.map((p) => ({ index: p.index, records: Buffer.from(p.records) }));
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (fault === 'lost-request') throw new DisconnectError('lost');
    const partitionResponses = parts.map(({ index, records }) => {
      if (nextBatch(records, 0) !== batchSize(records, 0)) throw new Error('not one whole batch');
      const errorCode = fault === 'refused' ? Errors.NOT_LEADER_OR_FOLLOWER : this.append(records);
      return { index, errorCode, errorMessage: null, recordErrors: [] };
    });
    if (fault === 'lost-answer') throw new DisconnectError('lost');
    return { responses: [{ partitionResponses }] };
  }

  /** As the producer sees it. */
  asCluster(): Cluster {
    // answers come in the order of the requests, as on a connection
    let before: Promise<unknown> = Promise.resolve();
    const connection = {
      version: () => 12,
      send: (_api: unknown, _version: number, body: never) => {
        const answer = before.then(() => this.#produce(body));
        before = answer.catch(() => {});
        return answer;
      },
    } as unknown as BrokerConnection;
    return {
      send: async (api: { key: number }) => {
        if (api.key === 22) return { errorCode: 0, producerId: this.#producerId, producerEpoch: ++this.#epoch };
        return { results: [{ configs: [{ name: 'max.message.bytes', value: String(this.limit) }] }] };
      },
      metadata: async () => ({ clusterId: null, controllerId: 1, brokers: [], topics: [this.topic('t')] }),
      connection: async () => connection,
    } as unknown as Cluster;
  }
}
