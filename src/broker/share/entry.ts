/** The state of one offset of a share partition. */
export interface Entry {
  /** one of Delivery */
  state: number;
  /** delivery count, including the current delivery */
  count: number;
  member: string;
  lock: Lock | undefined;
  /** the offsets it was first acquired with */
  readonly batch: Batch;
}

/** Offsets first acquired together. */
export interface Batch {
  size: number;
}

/** Acquired offsets that share a lock timeout. */
export interface Lock {
  readonly offsets: readonly number[];
  readonly timer: NodeJS.Timeout;
}
