/** One assigned partition: where its consumer stands, and where the next fetch starts. */
import { partitionName } from '../../kafka/topic-partition.js';

export class PartitionState {
  readonly topic: string;
  readonly partition: number;
  /** "topic-0" */
  readonly name: string;
  /** the next offset for the user: what is committed. -1: not known yet */
  position = -1;
  /** leader epoch of the last record that was taken, -1 for none */
  positionEpoch = -1;
  /** the next offset to ask for; ahead of `position` while data waits */
  fetchOffset = -1;
  /** the time whose offset has to be looked up first: -2 earliest, -1 latest, else ms; undefined when none has */
  reset: number | undefined;
  /** a lookup of that is on its way */
  resetting = false;
  /** counts seeks: what was asked for before one is dropped when it comes */
  seeks = 0;
  /** being given up, or given up: nothing more of it is fetched, and its readers stop at the record they have got to */
  revoked = false;
  /** given up: whatever its readers still do, its position stays */
  gone = false;
  /** nothing is fetched or read from this offset on; below 0: not before that is known */
  end = Number.POSITIVE_INFINITY;
  /** the high watermark, or the last stable offset, as the last fetch that told it did; -1: none did */
  logEnd = -1;
  /** a fetch of the current `end` from this offset found no record up to `logEnd`; -1: none did */
  emptyFrom = -1;
  /** the position that was committed last */
  committed = -1;

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
    this.name = partitionName(this);
  }

  #readers = 0;
  #whenIdle: (() => void)[] = [];

  /** Somebody reads records of this partition, until `release`. */
  hold(): void {
    this.#readers++;
  }

  release(): void {
    if (--this.#readers > 0) return;
    const waiting = this.#whenIdle;
    this.#whenIdle = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves when nobody reads its records any more. */
  idle(): Promise<void> {
    if (this.#readers === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** Whether there is something to fetch. */
  get fetchable(): boolean {
    return this.fetchOffset >= 0 && this.fetchOffset < this.end;
  }

  seek(offset: number, epoch = -1): void {
    this.position = offset;
    this.positionEpoch = epoch;
    this.fetchOffset = offset;
    this.reset = undefined;
    this.seeks++;
  }

  /** Looks up where to go on, at a time (-2 earliest, -1 latest, else ms). */
  seekToTime(time: number): void {
    this.fetchOffset = -1;
    this.reset = time;
    this.seeks++;
  }
}
