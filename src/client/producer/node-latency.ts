/**
 * How long each broker has left records waiting (partitioner.availability.timeout.ms). Mirrors NodeLatencyStats of
 * producer/internals/RecordAccumulator.
 */
interface Stats {
  /** when something was last ready for the broker, ms */
  readyMs: number;
  /** when the broker last took something, ms */
  drainedMs: number;
}

export class NodeLatency {
  readonly #timeoutMs: number;
  readonly #nodes = new Map<number, Stats>();

  /** A time-out of 0 turns it off: no broker is slow. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Something is ready for the broker, which takes it (`drained`) or not yet. */
  update(node: number, nowMs: number, drained: boolean): void {
    if (this.#timeoutMs <= 0) return;
    const stats = this.#nodes.get(node);
    if (!stats) this.#nodes.set(node, { readyMs: nowMs, drainedMs: nowMs });
    else {
      stats.readyMs = nowMs;
      if (drained) stats.drainedMs = nowMs;
    }
  }

  isSlow(node: number): boolean {
    const stats = this.#nodes.get(node);
    return stats !== undefined && stats.readyMs - stats.drainedMs > this.#timeoutMs;
  }
}
