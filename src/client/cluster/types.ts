import type { AnyApi, RequestInput, ResponseOf } from '../../protocol/wire/schema.js';
import type { Deadline } from './retry.js';

/** Where a request goes: any broker, the controller, one node, or the coordinator of a group or transactional id. */
export type Target =
  | 'any'
  | 'controller'
  | { readonly node: number }
  | { readonly group: string }
  | { readonly transactionalId: string };

// biome-ignore lint/suspicious/noExplicitAny: options of a request whose response type does not matter
export interface SendOptions<R = any> {
  /** default: any */
  readonly to?: Target;
  /** timeout of the call including retries, ms; default: default.api.timeout.ms */
  readonly timeoutMs?: number;
  /** lowest version the caller can use; UNSUPPORTED_VERSION when the broker is older */
  readonly atLeast?: number;
  /** highest version the caller can use */
  readonly atMost?: number;
  /** the call's name in timeout messages: "listTopics"; default: the API's name */
  readonly call?: string;
  /** the response's error code: a retriable one is retried, any other is thrown as KafkaError */
  readonly errorOf?: (response: R) => number;
  /** KRaft controllers serve this call too (KIP-919); with bootstrap controllers it goes to the active controller */
  readonly controllers?: true;
  /** false: one attempt only, for callers that try another node after a failure */
  readonly retry?: false;
}

export interface PartitionInfo {
  readonly partition: number;
  /** node id, -1: none */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly offlineReplicas: readonly number[];
  /** the partition's error code, 0: none */
  readonly errorCode: number;
}

export interface TopicInfo {
  readonly name: string;
  /** 22 characters of base64url; ZERO_UUID below Metadata v10 */
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

/** One authenticated connection to one broker. Requests are pipelined; responses arrive in order. */
export interface BrokerConnection {
  readonly node: Node;
  /** The highest version both sides support within the bounds. Throws UNSUPPORTED_VERSION if there is none. */
  version(api: AnyApi, atLeast?: number, atMost?: number): number;
  /** Sends one request in one version, without retries. `oneWay`: there is no response (acks=0). */
  send<A extends AnyApi>(
    api: A,
    version: number,
    body: RequestInput<A>,
    options?: { timeoutMs?: number; oneWay?: boolean },
  ): Promise<ResponseOf<A>>;
  close(): Promise<void>;
}

/** A cluster: connects lazily, one connection per broker and purpose, errors are KafkaErrors. */
export interface Cluster {
  /** the bootstrap servers are KRaft controllers: calls without `controllers` fail with UNSUPPORTED_ENDPOINT_TYPE */
  readonly atControllers: boolean;
  /** Sends a request in the highest common version; retries transport failures and retriable errors until `timeoutMs`. */
  send<A extends AnyApi>(api: A, body: RequestInput<A>, options?: SendOptions<ResponseOf<A>>): Promise<ResponseOf<A>>;
  /** Metadata of these topics, of all for null, of none for []; one topic's error does not fail the others. */
  metadata(
    topics: readonly string[] | null,
    options?: { autoCreate?: boolean; timeoutMs?: number; call?: string },
  ): Promise<Metadata>;
  /** The connection to a node; `purpose` separates long polls from other requests. */
  connection(node: number, purpose?: string): Promise<BrokerConnection>;
  /** The coordinator node, cached; `forget` drops the cached one after NOT_COORDINATOR. */
  coordinator(
    key: string,
    type?: 'group' | 'transaction',
    options?: { timeoutMs?: number; call?: string },
  ): Promise<Node>;
  forgetCoordinator(key: string, type?: 'group' | 'transaction'): void;
  /** The deadline of one call, for callers that retry themselves; default: default.api.timeout.ms. */
  deadline(call: string, timeoutMs?: number): Deadline;
  /** Closes every connection at once; pending requests fail. */
  close(): Promise<void>;
}
