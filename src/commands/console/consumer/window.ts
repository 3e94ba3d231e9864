/** Where reading starts and ends in each partition: `--exit-at-end`, `--from`, `--to`, `--tail`. */
import { type Consumer, EARLIEST, LATEST } from '../../../client/consumer/consumer.js';
import type { Fetched } from '../../../client/consumer/fetched.js';
import { offsetsAt } from '../../../client/consumer/offset-lookup.js';
import type { PartitionState } from '../../../client/consumer/partition-state.js';
import { RecordCursor } from '../../../protocol/records/cursor.js';
import { Tail } from './tail.js';

const ENDING_SLICE_MS = 20;
const TAIL_SLICE_MS = 100;

export interface WindowOptions {
  /** ms */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** the last records of each partition */
  readonly tail: number | undefined;
  readonly exitAtEnd: boolean;
}

export class Window {
  readonly #consumer: Consumer;
  readonly #options: WindowOptions;
  readonly #cursor = new RecordCursor();
  /** the next offset to read, where something was read */
  readonly #read = new WeakMap<PartitionState, number>();
  readonly #tails = new Map<PartitionState, Tail>();
  /** partitions end where they ended when this became true */
  #ending: boolean;

  constructor(consumer: Consumer, options: WindowOptions) {
    this.#consumer = consumer;
    this.#options = options;
    this.#ending = options.exitAtEnd || this.#timeLeft <= 0;
    consumer.bounds = (states) => this.#bound(states);
  }

  /** ms until `--to` has passed, so that the ends are known; infinite where nothing ends. */
  get #timeLeft(): number {
    return (this.#options.to ?? Number.POSITIVE_INFINITY) - Date.now();
  }

  /** As the consumer's poll; undefined at the end too. */
  async poll(timeoutMs: number, signal: AbortSignal): Promise<Fetched | undefined> {
    const until = Date.now() + timeoutMs;
    while (!signal.aborted) {
      this.#startTails();
      const left = until - Date.now();
      if (left <= 0 || (await this.#isOver())) return undefined;
      const fetched = await this.#consumer.poll(Math.min(left, this.#sliceMs), signal);
      if (fetched && !this.#counts(fetched)) return fetched;
    }
    return undefined;
  }

  /** How long to wait for records at once, ms: a partition may end without one. */
  get #sliceMs(): number {
    if (this.#ending) return ENDING_SLICE_MS;
    return Math.max(
      0,
      Math.min(this.#timeLeft, this.#options.tail === undefined ? Number.POSITIVE_INFINITY : TAIL_SLICE_MS),
    );
  }

  /** Whether all that was assigned has been read to its end. */
  async #isOver(): Promise<boolean> {
    if (!this.#ending && this.#timeLeft <= 0) await this.#endHere();
    const { partitions } = this.#consumer;
    if (!this.#ending || partitions.size === 0) return false;
    for (const state of partitions.values()) if (this.#tails.has(state) || !this.#isRead(state)) return false;
    return true;
  }

  /** True when these records are looked at only, to find where the tail begins. */
  #counts(fetched: Fetched): boolean {
    const tail = this.#tails.get(fetched.state);
    if (!tail) return false;
    while (fetched.nextRecord(this.#cursor)) tail.add(this.#cursor.offset);
    this.wasRead(fetched);
    fetched.release();
    fetched.free();
    return true;
  }

  /**
   * What was fetched has been read as far as it is to be. `past`: its last record is younger than `--to`; where the broker
   * sets the times, so are all that follow.
   */
  wasRead(fetched: Fetched, past = false): void {
    const { state, position } = fetched;
    this.#read.set(state, position);
    if (past && fetched.logAppendTime && this.#ending) state.end = Math.min(state.end, position);
  }

  /** Tails of which all records have been counted begin to be printed. */
  #startTails(): void {
    for (const [state, tail] of this.#tails) {
      if (state.gone) this.#tails.delete(state);
      if (state.gone || state.end < 0 || !this.#isRead(state)) continue;
      const start = tail.start();
      if (start === undefined) this.#seek(state, tail.from);
      else {
        this.#tails.delete(state);
        this.#seek(state, start);
        if (!this.#ending) state.end = Number.POSITIVE_INFINITY;
      }
      this.#consumer.position();
    }
  }

  #seek(state: PartitionState, offset: number): void {
    this.#read.delete(state);
    state.emptyFrom = -1;
    state.seek(offset);
  }

  /** What comes last may be no record of the user's: a control record, or a gap that compaction left. */
  #isRead(state: PartitionState): boolean {
    const { end, fetchOffset, emptyFrom, logEnd } = state;
    if (end < 0 || state.position < 0) return false;
    const read = this.#read.get(state) ?? state.position;
    return read >= end || (read === fetchOffset && emptyFrom === fetchOffset && logEnd >= end);
  }

  #offsets(states: readonly PartitionState[], time: number): Promise<number[]> {
    const { cluster, metadata, config } = this.#consumer;
    const { readCommitted, requestTimeoutMs: timeoutMs, apiTimeoutMs: limitMs } = config;
    return offsetsAt(cluster, metadata, states, time, { readCommitted, timeoutMs, limitMs });
  }

  async #bound(states: readonly PartitionState[]): Promise<void> {
    const { from, tail } = this.#options;
    // a group goes on where it stood, unless that is before the window
    const committed = states.map((state) => (state.reset === undefined ? state.position : -1));
    const ending = this.#ending;
    const seeks = from !== undefined || tail !== undefined;
    // looked up first: what is written from now on is not before it
    const ends = ending || seeks ? await this.#offsets(states, LATEST) : [];
    const starts = from !== undefined ? await this.#offsets(states, from) : [];
    const earliest = tail !== undefined ? await this.#offsets(states, EARLIEST) : [];
    for (const [i, state] of states.entries()) {
      const end = ends[i] ?? Number.POSITIVE_INFINITY;
      const least = committed[i] as number;
      if (from !== undefined) {
        const start = starts[i] as number;
        state.seek(Math.max(start < 0 ? end : start, least));
      }
      if (tail !== undefined) {
        const counting = new Tail(tail, Math.max(earliest[i] as number, least), end);
        state.seek(counting.from);
        if (!counting.isKnown) this.#tails.set(state, counting);
      }
      state.emptyFrom = -1;
      state.end = ending || this.#tails.has(state) ? end : Number.POSITIVE_INFINITY;
    }
    if (this.#ending !== ending) await this.#endHere();
  }

  /** `--to` has passed while we read: what is there now is all. */
  async #endHere(): Promise<void> {
    this.#ending = true;
    const states = [...this.#consumer.partitions.values()].filter((state) => state.end === Number.POSITIVE_INFINITY);
    const ends = await this.#offsets(states, LATEST);
    for (const [i, state] of states.entries()) {
      state.emptyFrom = -1;
      state.end = ends[i] as number;
    }
  }
}
