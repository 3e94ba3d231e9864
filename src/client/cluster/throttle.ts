/** Client-side throttling (KIP-219): after a response with a throttle time, the connection sends nothing until it has passed. */
import type { AnyApi } from '../../protocol/wire/schema.js';
import { timeoutError } from './retry.js';

/**
 * The lowest version for which the client has to wait: for older versions the broker delays the response itself.
 * APIs newer than KIP-219 are not listed: the client always waits. Mirrors AbstractResponse.shouldClientThrottle.
 */
const CLIENT_WAITS_FROM: Readonly<Record<string, number>> = {
  Produce: 6,
  Fetch: 8,
  ListOffsets: 3,
  Metadata: 6,
  OffsetCommit: 4,
  OffsetFetch: 4,
  FindCoordinator: 2,
  JoinGroup: 3,
  Heartbeat: 2,
  LeaveGroup: 2,
  SyncGroup: 2,
  DescribeGroups: 2,
  ListGroups: 2,
  ApiVersions: 2,
  CreateTopics: 3,
  DeleteTopics: 2,
  DeleteRecords: 1,
  InitProducerId: 1,
  AddPartitionsToTxn: 1,
  AddOffsetsToTxn: 1,
  EndTxn: 1,
  TxnOffsetCommit: 1,
  DescribeAcls: 1,
  CreateAcls: 1,
  DeleteAcls: 1,
  DescribeConfigs: 2,
  AlterConfigs: 1,
  AlterReplicaLogDirs: 1,
  DescribeLogDirs: 1,
  CreatePartitions: 1,
  CreateDelegationToken: 1,
  RenewDelegationToken: 1,
  ExpireDelegationToken: 1,
  DescribeDelegationToken: 1,
  DeleteGroups: 1,
};

/** The throttle state of one connection. */
export class Throttle {
  #until = 0;
  #timer: NodeJS.Timeout | undefined;
  #held = new Set<() => void>();
  readonly #throttled: (ms: number) => void;

  /** `throttled` is called with every throttle time, ms. */
  constructor(throttled: (ms: number) => void) {
    this.#throttled = throttled;
  }

  /** Whether requests have to go through `hold`. */
  get holds(): boolean {
    return this.#timer !== undefined;
  }

  /** Applies a response's throttle time, ms. */
  take(api: AnyApi, version: number, ms: number | undefined): void {
    if (!ms || ms < 0 || version < (CLIENT_WAITS_FROM[api.name] ?? 0)) return;
    this.#throttled(ms);
    const until = Date.now() + ms;
    if (until <= this.#until) return;
    this.#until = until;
    clearTimeout(this.#timer);
    // unref: held requests have their own timeouts
    this.#timer = setTimeout(() => this.release(), ms).unref();
  }

  /** Calls `send` after the throttle time, in call order; rejects with a retriable error after `timeoutMs`. */
  hold<T>(send: () => Promise<T>, timeoutMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const start = (): void => {
        clearTimeout(expiry);
        send().then(resolve, reject);
      };
      const expiry = setTimeout(() => {
        this.#held.delete(start);
        reject(timeoutError(`The broker throttles this client: nothing could be sent within ${timeoutMs} ms.`));
      }, timeoutMs);
      this.#held.add(start);
    });
  }

  /** Sends the held requests: the throttle time is over, or the connection was closed and they will all fail. */
  release(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const held = this.#held;
    this.#held = new Set();
    for (const start of held) start();
  }
}
