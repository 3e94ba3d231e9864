/**
 * In-memory cache of segment data: recent appends and data loaded by readers, so that any number of consumers share one
 * disk read. A region is a run of adjacent whole batches. Its bytes never change once readable, so readers get views.
 * All partitions share one budget; the least recently used region is evicted first.
 */
export interface Region {
  /** byte position in the segment file */
  readonly position: number;
  /** may have spare room past `length` for later appends */
  buf: Buffer;
  length: number;
  /** last offset + 1 */
  endOffset: number;
  readonly home: RegionList;
}

const DEFAULT_BUDGET = 128 * 1024 * 1024;
/** Smaller appends are copied into a shared region; larger ones become a region by reference. */
const OWN_REGION = 8 * 1024;
const GATHERED = 256 * 1024;

/** The cache of a log directory: LRU over all regions. */
export class LogCache {
  readonly #budget: number;
  readonly #used = new Set<Region>();
  #bytes = 0;

  constructor(budget = DEFAULT_BUDGET) {
    this.#budget = budget;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Marks the region as most recently used. */
  touch(region: Region): void {
    this.#used.delete(region);
    this.#used.add(region);
  }

  admit(region: Region): void {
    this.#used.add(region);
    this.grew(region.buf.length);
  }

  grew(bytes: number): void {
    this.#bytes += bytes;
    for (const oldest of this.#used) {
      if (this.#bytes <= this.#budget) return;
      this.drop(oldest);
    }
  }

  drop(region: Region): void {
    if (!this.#used.delete(region)) return;
    this.#bytes -= region.buf.length;
    region.home.forget(region);
  }
}

/** The regions of one segment, ordered by position. */
export class RegionList {
  readonly #cache: LogCache;
  #regions: Region[] = [];

  constructor(cache: LogCache) {
    this.#cache = cache;
  }

  /** The region that holds the byte at `position`. */
  at(position: number): Region | undefined {
    const i = this.#floor(position);
    const region = this.#regions[i];
    if (region === undefined || position >= region.position + region.length) return undefined;
    this.#cache.touch(region);
    return region;
  }

  /** Start of the next region after `position`; Infinity when there is none. */
  nextPosition(position: number): number {
    return this.#regions[this.#floor(position) + 1]?.position ?? Number.POSITIVE_INFINITY;
  }

  add(position: number, buf: Buffer, endOffset: number): Region {
    const region: Region = { position, buf, length: buf.length, endOffset, home: this };
    this.#regions.splice(this.#floor(position) + 1, 0, region);
    this.#cache.admit(region);
    return region;
  }

  /** Caches an append at the end of the segment. Returns whether `buf` is retained: large buffers are not copied. */
  append(position: number, buf: Buffer, endOffset: number): boolean {
    const whole = buf.length * 2 >= buf.buffer.byteLength;
    if (buf.length >= OWN_REGION && whole) {
      this.add(position, buf, endOffset);
      return true;
    }
    const last = this.#regions[this.#regions.length - 1];
    const follows = last !== undefined && last.position + last.length === position;
    if (follows && last.length + buf.length <= Math.max(last.buf.length, GATHERED) && last.length < GATHERED) {
      const room = last.buf.length;
      if (last.length + buf.length > room) this.#widen(last, last.length + buf.length);
      buf.copy(last.buf, last.length);
      last.length += buf.length;
      last.endOffset = endOffset;
      return false;
    }
    const home = Buffer.allocUnsafeSlow(Math.max(4096, buf.length));
    buf.copy(home);
    this.add(position, home, endOffset).length = buf.length;
    return false;
  }

  #widen(region: Region, needed: number): void {
    const wider = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(GATHERED, region.buf.length * 2)));
    region.buf.copy(wider, 0, 0, region.length);
    const more = wider.length - region.buf.length;
    region.buf = wider;
    this.#cache.grew(more);
  }

  forget(region: Region): void {
    // usually the oldest region, which is the first
    if (this.#regions[0] === region) this.#regions.shift();
    else this.#regions.splice(this.#floor(region.position), 1);
  }

  clear(): void {
    for (const region of this.#regions.slice()) this.#cache.drop(region);
  }

  #floor(position: number): number {
    let low = 0;
    let high = this.#regions.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (this.#regions[mid]!.position <= position) low = mid + 1;
      else high = mid;
    }
    return low - 1;
  }
}
