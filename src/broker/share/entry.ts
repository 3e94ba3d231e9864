/** What is known of one offset of a share partition. */
export interface Entry {
  /** one of Delivery */
  state: number;
  /** deliveries, the running one among them */
  count: number;
  member: string;
  lock: Lock | undefined;
  /** those it was first acquired with */
  readonly batch: Batch;
}

/** Offsets that were first acquired together. */
export interface Batch {
  size: number;
}

export interface Lock {
  readonly offsets: readonly number[];
  readonly timer: NodeJS.Timeout;
}
