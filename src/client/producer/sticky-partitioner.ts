/**
 * The partition that records without a key go to (KIP-794). Mirrors producer/internals/BuiltInPartitioner.
 *
 * One partition gets so many bytes (batch.size), then another one is chosen at random. The choice is uniform, or, when
 * it is adaptive, a partition is the more likely the fewer batches wait for it: with queues of 0, 3 and 1 batches the
 * odds are 4 : 1 : 3. A pure state machine: it is told of bytes and loads, and asked for a partition.
 */

/** What the choice goes by, of one partition. */
export interface PartitionLoad {
  readonly partition: number;
  /** it has a leader */
  readonly led: boolean;
  /** batches that wait to be sent to it */
  readonly queued: number;
  /** its leader takes nothing: for partitioner.availability.timeout.ms, or what waits for it already */
  readonly slow: boolean;
}

export interface StickyPartitionerOptions {
  /** bytes after which the partition changes */
  readonly stickyBytes: number;
  /** partitioner.adaptive.partitioning.enable */
  readonly adaptive: boolean;
  /** a number in [0, 1) */
  readonly random?: () => number;
}

export class StickyPartitioner {
  readonly #stickyBytes: number;
  readonly #adaptive: boolean;
  readonly #random: () => number;
  #current = -1;
  #produced = 0;

  constructor({ stickyBytes, adaptive, random = Math.random }: StickyPartitionerOptions) {
    this.#stickyBytes = Math.max(1, stickyBytes);
    this.#adaptive = adaptive;
    this.#random = random;
  }

  /**
   * The partition of the next record. `complete`: no batch of the current partition is still being filled, so that a
   * change leaves no small one behind; while one is, the partition may get twice its bytes.
   */
  partition(loads: () => readonly PartitionLoad[], complete: boolean): number {
    if (this.#current < 0 || this.#produced >= this.#stickyBytes * (complete ? 1 : 2)) {
      this.#current = this.#next(loads());
      this.#produced = 0;
    }
    return this.#current;
  }

  /** The current partition, -1 before the first choice. */
  get current(): number {
    return this.#current;
  }

  /** Counts what the current partition was given. */
  produced(bytes: number): void {
    this.#produced += bytes;
  }

  /** Whether the current partition will have had twice its bytes with these: it gets no more, complete or not. */
  isSpentBy(bytes: number): boolean {
    return this.#produced + bytes >= this.#stickyBytes * 2;
  }

  #next(loads: readonly PartitionLoad[]): number {
    const led = loads.filter((load) => load.led);
    if (led.length === 0) return this.#draw(loads, () => 1);
    if (!this.#adaptive || loads.length < 2) return this.#draw(led, () => 1);
    const responsive = led.filter((load) => !load.slow);
    const among = responsive.length > 0 ? responsive : led;
    const most = among.reduce((max, load) => Math.max(max, load.queued), 0);
    return this.#draw(among, (load) => (responsive.length > 0 ? most + 1 - load.queued : 1));
  }

  #draw(among: readonly PartitionLoad[], weight: (load: PartitionLoad) => number): number {
    const total = among.reduce((sum, load) => sum + weight(load), 0);
    let at = Math.floor(this.#random() * total);
    for (const load of among) {
      at -= weight(load);
      if (at < 0) return load.partition;
    }
    return 0;
  }
}
