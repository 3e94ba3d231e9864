/**
 * Chooses the partition of records without a key (KIP-794). Mirrors producer/internals/BuiltInPartitioner.
 *
 * A partition gets batch.size bytes, then another one is chosen at random: uniformly, or, with adaptive partitioning,
 * weighted by queue length: with queues of 0, 3 and 1 batches the odds are 4 : 1 : 3. A pure state machine: bytes and
 * loads in, partition out.
 */

/** The load of one partition. */
export interface PartitionLoad {
  readonly partition: number;
  /** it has a leader */
  readonly led: boolean;
  /** unsent batches */
  readonly queued: number;
  /** its leader has accepted nothing for partitioner.availability.timeout.ms, or does not answer while batches wait */
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

/** The sticky partition and how many bytes it has received. */
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
   * The partition of the next record. `complete`: the current partition has no open batch, so that a switch does not leave
   * a small batch; while it has one, it can get up to twice its bytes.
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

  /** Adds bytes to the current partition's count. */
  produced(bytes: number): void {
    this.#produced += bytes;
  }

  /** Whether `bytes` more would bring the current partition to twice its share: it is then switched, complete or not. */
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
