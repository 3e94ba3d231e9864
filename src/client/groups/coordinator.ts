/** Requests of a group's member to its coordinator, on a connection of their own: commits, committed offsets, the rest. */

import { byTopic, type TopicPartition } from '../../kafka/topic-partition.js';
import { offsetCommit } from '../../protocol/apis/08-offset-commit.js';
import { offsetFetch } from '../../protocol/apis/09-offset-fetch.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { type AnyApi, type RequestInput, type ResponseOf, ZERO_UUID } from '../../protocol/wire/schema.js';
import type { Cluster } from '../cluster/types.js';
import type { ConsumerConfig } from '../consumer/config.js';
import type { ConsumerMetadata } from '../consumer/metadata.js';
import type { PartitionState } from '../consumer/partition-state.js';

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Who asks: the classic generation or KIP-848's member epoch. */
export interface Member {
  readonly memberId: string;
  readonly epoch: number;
}

export interface CommittedOffset extends TopicPartition {
  /** -1: none */
  readonly offset: number;
  readonly epoch: number;
}

/** ms */
export const CLOSING_LIMIT = 500;

const moved = new Set([Errors.NOT_COORDINATOR, Errors.COORDINATOR_NOT_AVAILABLE, Errors.NETWORK_EXCEPTION]);

export class GroupCoordinator {
  readonly groupId: string;
  /** on the way out: a coordinator that cannot be found is not waited for */
  closing = false;
  readonly #cluster: Cluster;
  readonly #config: ConsumerConfig;
  readonly #metadata: ConsumerMetadata;

  constructor(cluster: Cluster, config: ConsumerConfig, metadata: ConsumerMetadata) {
    this.groupId = config.groupId;
    this.#cluster = cluster;
    this.#config = config;
    this.#metadata = metadata;
  }

  /** Finds the coordinator and opens the connection to it. */
  async connect(purpose = 'group') {
    const bound = this.closing ? { timeoutMs: CLOSING_LIMIT } : {};
    const node = await this.#cluster.coordinator(this.groupId, 'group', bound);
    return this.#cluster.connection(node.id, purpose);
  }

  /** One request, one try. */
  async send<A extends AnyApi>(
    api: A,
    body: RequestInput<A>,
    options: { timeoutMs?: number; atMost?: number; atLeast?: number; purpose?: string } = {},
  ): Promise<ResponseOf<A>> {
    const connection = await this.connect(options.purpose);
    const version = connection.version(api, options.atLeast, options.atMost);
    return connection.send(api, version, body, { timeoutMs: options.timeoutMs ?? this.#config.requestTimeoutMs });
  }

  /** After a failure: looks for the coordinator anew where that can help, and waits. Throws what no retry mends. */
  async recover(error: unknown): Promise<void> {
    if (!(error instanceof KafkaError)) throw error;
    if (error.code === Errors.GROUP_AUTHORIZATION_FAILED) {
      throw new KafkaError(error.code, `Not authorized to access group: ${this.groupId}`);
    }
    if (!error.retriable && error.code !== Errors.REBALANCE_IN_PROGRESS) throw error;
    if (moved.has(error.code)) this.#cluster.forgetCoordinator(this.groupId);
    await sleep(this.#config.retryBackoffMs);
  }

  /** Commits positions that are not committed yet. Answers the first error code, 0 when all is well. */
  async commit(states: readonly PartitionState[], member: Member, purpose?: string): Promise<number> {
    const open = states.filter((state) => state.position >= 0 && state.position !== state.committed);
    if (open.length === 0) return 0;
    const positions = new Map(open.map((state) => [state.name, state.position]));
    const ids = open.every((state) => this.#metadata.topicId(state.topic) !== ZERO_UUID);
    const topics = [...byTopic(open)].map(([name, partitions]) => ({
      name,
      topicId: this.#metadata.topicId(name),
      partitions: partitions.map((partition) => {
        const state = open.find((s) => s.topic === name && s.partition === partition) as PartitionState;
        return {
          partitionIndex: partition,
          committedOffset: BigInt(state.position),
          committedLeaderEpoch: state.positionEpoch,
          committedMetadata: '',
        };
      }),
    }));
    const body = {
      groupId: this.groupId,
      generationIdOrMemberEpoch: member.epoch,
      memberId: member.memberId,
      groupInstanceId: this.#config.groupInstanceId,
      topics,
    };
    const response = await this.send(offsetCommit, body, {
      atMost: ids ? 10 : 9,
      ...(purpose === undefined ? {} : { purpose }),
    });
    let failed = 0;
    for (const topic of response.topics) for (const p of topic.partitions) failed ||= p.errorCode;
    if (failed === 0) for (const state of open) state.committed = positions.get(state.name) as number;
    return failed;
  }

  /** The committed offsets of partitions, asked until they are stable. */
  async committed(partitions: readonly TopicPartition[], member: Member | undefined): Promise<CommittedOffset[]> {
    if (partitions.length === 0) return [];
    const topics = [...byTopic(partitions)].map(([name, partitionIndexes]) => ({ name, partitionIndexes }));
    const memberOf = member ? { memberId: member.memberId, memberEpoch: member.epoch } : {};
    for (;;) {
      try {
        const response = await this.send(
          offsetFetch,
          {
            groupId: this.groupId,
            topics,
            groups: [{ groupId: this.groupId, topics, ...memberOf }],
            requireStable: this.#config.readCommitted,
          },
          { atMost: 9 },
        );
        const group = response.groups[0] ?? response;
        if (group.errorCode !== 0) throw new KafkaError(group.errorCode);
        return group.topics.flatMap((topic) => topic.partitions.map((p) => committedOffset(topic.name, p)));
      } catch (error) {
        await this.recover(error);
      }
    }
  }
}

interface Answer {
  partitionIndex: number;
  errorCode: number;
  committedOffset: bigint;
  committedLeaderEpoch: number;
}

function committedOffset(topic: string, answer: Answer): CommittedOffset {
  if (answer.errorCode === Errors.TOPIC_AUTHORIZATION_FAILED) {
    throw new KafkaError(answer.errorCode, `Not authorized to access topics: [${topic}]`);
  }
  if (answer.errorCode !== 0) throw new KafkaError(answer.errorCode);
  return {
    topic,
    partition: answer.partitionIndex,
    offset: Number(answer.committedOffset),
    epoch: answer.committedLeaderEpoch,
  };
}
