/** What a partition's error in a Fetch answer leads to. Mirrors FetchCollector.handleInitializeErrors. */
import { Errors, KafkaError } from '../../protocol/errors.js';
import { ConsumerError } from './consumer-error.js';
import type { PartitionState } from './partition-state.js';

/** Errors that another try, with fresh metadata, may mend; the value: whether it goes to the leader then. */
const RETRIED = new Map<number, 'leader' | 'same'>([
  [Errors.NOT_LEADER_OR_FOLLOWER, 'leader'],
  [Errors.REPLICA_NOT_AVAILABLE, 'leader'],
  [Errors.KAFKA_STORAGE_ERROR, 'leader'],
  [Errors.FENCED_LEADER_EPOCH, 'leader'],
  [Errors.OFFSET_NOT_AVAILABLE, 'leader'],
  [Errors.UNKNOWN_TOPIC_OR_PARTITION, 'leader'],
  [Errors.UNKNOWN_TOPIC_ID, 'leader'],
  [Errors.INCONSISTENT_TOPIC_ID, 'leader'],
  [Errors.UNKNOWN_LEADER_EPOCH, 'same'],
  [Errors.UNKNOWN_SERVER_ERROR, 'same'],
]);

/** Where the next try goes; throws the consumer's error, in Java's words, when there is to be none. */
export function retryAt(state: PartitionState, code: number): 'leader' | 'same' {
  const where = RETRIED.get(code);
  if (where) return where;
  const { topic, name, fetchOffset } = state;
  if (code === Errors.TOPIC_AUTHORIZATION_FAILED) {
    throw new KafkaError(code, `Not authorized to access topics: [${topic}]`);
  }
  if (code === Errors.CORRUPT_MESSAGE) {
    const at = `offset ${fetchOffset} for topic-partition ${name}`;
    throw new KafkaError(code, `Encountered corrupt message when fetching ${at}`);
  }
  throw new ConsumerError(
    'java.lang.IllegalStateException',
    `Unexpected error code ${code} while fetching at offset ${fetchOffset} from topic-partition ${name}`,
  );
}

/** A partition that fails this long, in ms, is reported: Java logs every failure. */
const PATIENCE = 5000;

/** Partitions whose fetches fail, since when, and which of them the user knows of. */
export class FailingPartitions {
  readonly #since = new Map<PartitionState, number>();
  readonly #reported = new Set<PartitionState>();
  readonly #warn: (line: string) => void;
  readonly #patience: number;

  constructor(warn: (line: string) => void, patience = PATIENCE) {
    this.#warn = warn;
    this.#patience = patience;
  }

  /** A fetch failed. One line for each time that fetches go on to fail. */
  failed(state: PartitionState, code: number): void {
    const since = this.#since.get(state);
    if (since === undefined) this.#since.set(state, Date.now());
    else if (!this.#reported.has(state) && Date.now() - since >= this.#patience) {
      this.#reported.add(state);
      const { error, message } = new KafkaError(code);
      const seconds = Math.round((Date.now() - since) / 1000);
      this.#warn(
        `Fetching ${state.name} at offset ${state.fetchOffset} has failed for ${seconds} s: ${error}: ${message} It is tried again until it succeeds.`,
      );
    }
  }

  succeeded(state: PartitionState): void {
    if (this.#since.delete(state)) this.#reported.delete(state);
  }
}
