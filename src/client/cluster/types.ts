import type { AnyApi, RequestInput, ResponseOf } from '../../protocol/wire/schema.js';
import type { Deadline } from './retry.js';

/** Where a request goes: any broker, the controller, one node, or the coordinator of a group or transactional id. */
export type Target =
  | 'any'
  | 'controller'
  | { readonly node: number }
  | { readonly group: string }
  | { readonly transactionalId: string };

// biome-ignore lint/suspicious/noExplicitAny: options of a request whose answer is not looked at
export interface SendOptions<R = any> {
  /** default: any */
  readonly to?: Target;
  /** bound of the whole call with its retries, ms; default: the properties' default.api.timeout.ms */
  readonly timeoutMs?: number;
  /** lowest version that can say what the caller needs; UNSUPPORTED_VERSION when the broker is older */
  readonly atLeast?: number;
  /** highest version the caller wants */
  readonly atMost?: number;
  /** the call's name in time-out messages: "listTopics"; default: the api's name */
  readonly call?: string;
  /** the answer's error code that decides about another try: a retriable one is retried, any other is thrown as KafkaError */
  readonly errorOf?: (response: R) => number;
  /** KRaft controllers serve this call too (KIP-919); from a cluster of controllers the active one is asked for what any broker would answer */
  readonly controllers?: true;
  /** false: one try only, for a caller that looks elsewhere after a failure */
  readonly retry?: false;
}

export interface PartitionInfo {
  readonly partition: number;
  /** node id, -1 when there is none */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly offlineReplicas: readonly number[];
  /** error code of the partition, 0 when well */
  readonly errorCode: number;
}

export interface TopicInfo {
  readonly name: string;
  /** 22 characters of base64url; ZERO_UUID from brokers below Metadata v10 */
  readonly topicId: string;
  readonly errorCode: number;
  readonly isInternal: boolean;
  /** by partition number */
  readonly partitions: readonly PartitionInfo[];
}

export interface Node {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export interface Metadata {
  readonly clusterId: string | null;
  readonly controllerId: number;
  readonly brokers: readonly Node[];
  readonly topics: readonly TopicInfo[];
}

/** One authenticated connection to one broker. Requests are pipelined; answers come in order. */
export interface BrokerConnection {
  readonly node: Node;
  /** The version both sides speak: the highest common one within the given bounds. Throws KafkaError 35 if there is none. */
  version(api: AnyApi, atLeast?: number, atMost?: number): number;
  /** Sends one request in one version, no retry. `oneWay`: no answer comes (acks=0). */
  send<A extends AnyApi>(
    api: A,
    version: number,
    body: RequestInput<A>,
    options?: { timeoutMs?: number; oneWay?: boolean },
  ): Promise<ResponseOf<A>>;
  close(): Promise<void>;
}

/** A cluster as commands see it: lazily connected, one connection a broker and purpose, errors as KafkaError. */
export interface Cluster {
  /** its nodes are KRaft controllers: calls without `controllers` fail with UNSUPPORTED_ENDPOINT_TYPE */
  readonly atControllers: boolean;
  /** Sends a request in the highest common version; retries what is retriable at the transport until `timeoutMs`. */
  send<A extends AnyApi>(api: A, body: RequestInput<A>, options?: SendOptions<ResponseOf<A>>): Promise<ResponseOf<A>>;
  /** Topics by name, all of them for null, none for []; one topic's error does not fail the others. */
  metadata(
    topics: readonly string[] | null,
    options?: { autoCreate?: boolean; timeoutMs?: number; call?: string },
  ): Promise<Metadata>;
  /** The connection to a node; `purpose` keeps long polls apart from the rest. */
  connection(node: number, purpose?: string): Promise<BrokerConnection>;
  /** The coordinator's node, cached; `forget` drops what is cached after NOT_COORDINATOR. */
  coordinator(
    key: string,
    type?: 'group' | 'transaction',
    options?: { timeoutMs?: number; call?: string },
  ): Promise<Node>;
  forgetCoordinator(key: string, type?: 'group' | 'transaction'): void;
  /** The time of one call with its retries, for callers that try again themselves; default: default.api.timeout.ms. */
  deadline(call: string, timeoutMs?: number): Deadline;
  /** Closes every connection at once; pending requests fail. */
  close(): Promise<void>;
}
