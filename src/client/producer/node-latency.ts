/**
 * Tracks slow brokers: how long batches have been ready without being sent (partitioner.availability.timeout.ms,
 * NodeLatencyStats of producer/internals/RecordAccumulator), and whether the last request was answered.
 */
interface Stats {
  /** last time a batch was ready for the broker, ms */
  readyMs: number;
  /** last time a batch was sent to the broker, ms */
  drainedMs: number;
}

/** Latency statistics by node id. */
export class NodeLatency {
  readonly #timeoutMs: number;
  readonly #nodes = new Map<number, Stats>();
  /** brokers that did not answer their last request */
  readonly #silent = new Set<number>();

  /** A timeout of 0 disables it: no broker is slow. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** A batch is ready for the broker, and was sent (`drained`) or not yet. */
  update(node: number, nowMs: number, drained: boolean): void {
    if (this.#timeoutMs <= 0) return;
    const stats = this.#nodes.get(node);
    if (!stats) this.#nodes.set(node, { readyMs: nowMs, drainedMs: nowMs });
    else {
      stats.readyMs = nowMs;
      if (drained && !this.isSilent(node)) stats.drainedMs = nowMs;
    }
  }

  /** The broker answered a request, or did not. */
  answered(node: number, nowMs: number, answer: boolean): void {
    if (answer) this.#silent.delete(node);
    else this.#silent.add(node);
    if (answer) this.update(node, nowMs, true);
  }

  isSilent(node: number): boolean {
    return this.#silent.has(node);
  }

  isSlow(node: number): boolean {
    const stats = this.#nodes.get(node);
    return stats !== undefined && stats.readyMs - stats.drainedMs > this.#timeoutMs;
  }
}
