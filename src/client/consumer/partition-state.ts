/** One assigned partition: where its consumer stands, where the next fetch starts, and which replica it goes to. */
import { partitionName } from '../../kafka/topic-partition.js';
import { Pending } from './pending.js';

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
  /** leader epoch of the last batch before `fetchOffset`, -1 when unknown */
  fetchEpoch = -1;
  /** node id of the leader the fetch position belongs to, -1 before one is known */
  leader = -1;
  /** that leader's epoch, -1 when brokers do not tell it */
  leaderEpoch = -1;
  /** the leader's log may not contain the fetch position: it is asked before anything is fetched (KIP-320) */
  unvalidated = false;
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
  /** records of it that somebody reads now */
  readonly readers = new Pending();
  /** records of it that wait for a reader, or are read now */
  readonly unread = new Pending();
  #preferred: { readonly node: number; readonly until: number } | undefined;

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
    this.name = partitionName(this);
  }

  /** Whether there is something to fetch. */
  get fetchable(): boolean {
    return this.fetchOffset >= 0 && this.fetchOffset < this.end;
  }

  seek(offset: number, epoch = -1): void {
    this.position = offset;
    this.positionEpoch = epoch;
    this.fetchOffset = offset;
    this.fetchEpoch = epoch;
    this.unvalidated = epoch >= 0 && this.leaderEpoch >= 0;
    this.reset = undefined;
    this.seeks++;
  }

  /** Looks up where to go on, at a time (-2 earliest, -1 latest, else ms). */
  seekToTime(time: number): void {
    this.fetchOffset = -1;
    this.unvalidated = false;
    this.reset = time;
    this.seeks++;
  }

  /** The leader is known, anew or for the first time: its log has to contain the position, where that can be asked. */
  follow(leader: number, epoch: number): void {
    if (leader < 0 || (leader === this.leader && epoch === this.leaderEpoch)) return;
    this.leader = leader;
    this.leaderEpoch = epoch;
    this.#preferred = undefined;
    this.unvalidated = this.fetchOffset >= 0 && this.fetchEpoch >= 0 && epoch >= 0;
  }

  /** The leader's choice of a replica near by (KIP-392), followed until a time in ms. The same choice again prolongs nothing. */
  prefer(node: number, until: number): void {
    if (this.#preferred?.node !== node) this.#preferred = { node, until };
  }

  /** The replica to read from in place of the leader, while its time lasts. */
  preferredReplica(now: number): number | undefined {
    if (this.#preferred && this.#preferred.until <= now) this.#preferred = undefined;
    return this.#preferred?.node;
  }

  /** Goes back to the leader; false when it reads from the leader already. */
  clearPreferred(): boolean {
    const had = this.#preferred !== undefined;
    this.#preferred = undefined;
    return had;
  }
}
