/**
 * Which brokers leave records waiting: for how long (partitioner.availability.timeout.ms, NodeLatencyStats of
 * producer/internals/RecordAccumulator), and whether they answered last.
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
  /** brokers that left the last request without an answer */
  readonly #silent = new Set<number>();

  /** A time-out of 0 turns it off: no broker is slow. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Something is ready for the broker, which could be sent it (`drained`) or not yet. */
  update(node: number, nowMs: number, drained: boolean): void {
    if (this.#timeoutMs <= 0) return;
    const stats = this.#nodes.get(node);
    if (!stats) this.#nodes.set(node, { readyMs: nowMs, drainedMs: nowMs });
    else {
      stats.readyMs = nowMs;
      if (drained && !this.isSilent(node)) stats.drainedMs = nowMs;
    }
  }

  /** The broker answered a request, or left it without an answer. */
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
