/**
 * Frames as they come off a socket. One that reads into memory we name (`room`, `filled`) reads a large frame to where it
 * stays, and it is copied nowhere; small ones come through one scratch buffer that all connections share, as each is
 * read and cut up in one go. What comes in chunks of its own (TLS) is copied together (`push`).
 *
 * A length that lies takes no memory: room is made as bytes come, doubling.
 */
import { ProtocolError } from './buffer.js';
import { giveFrame, takeFrame } from './frame-pool.js';

const SCRATCH = Buffer.allocUnsafeSlow(64 * 1024);
const LENGTH_BYTES = 4;
const FIRST_ROOM = 2 << 20;

export class FrameBuffer {
  #limit: number;
  #firstRoom: number;
  readonly #length = Buffer.alloc(LENGTH_BYTES);
  #lengthRead = 0;
  /** the frame under way: `#filled` of `#size` bytes are there */
  #frame: Buffer | undefined;
  #size = 0;
  #filled = 0;

  /** `limit` bounds a frame's size in bytes; `firstRoom` what is set aside for a frame of which little has come. */
  constructor(limit: number, firstRoom = FIRST_ROOM) {
    this.#limit = limit;
    this.#firstRoom = firstRoom;
  }

  /** The same two for the frames that begin from now on. */
  bound(limit: number, firstRoom = FIRST_ROOM): void {
    this.#limit = limit;
    this.#firstRoom = firstRoom;
  }

  /** Bytes held for a frame that is not complete. */
  get pending(): number {
    return this.#lengthRead + this.#filled;
  }

  /** Where the next bytes shall be read to. */
  room(): Buffer {
    const frame = this.#frame;
    if (!frame || this.#size - this.#filled < SCRATCH.length) return SCRATCH;
    if (this.#filled === frame.length) this.#grow();
    return (this.#frame as Buffer).subarray(this.#filled);
  }

  /** Takes the first bytes of `buffer`, which `room()` gave. Throws ProtocolError on a size out of bounds. */
  filled(buffer: Buffer, bytes: number, onFrame: (frame: Buffer) => void): void {
    if (buffer.buffer === SCRATCH.buffer) return this.push(buffer.subarray(0, bytes), onFrame);
    this.#filled += bytes;
    if (this.#filled === this.#size) this.#complete(onFrame);
  }

  /** Takes a chunk that stays the caller's. Throws ProtocolError on a size out of bounds. */
  push(chunk: Buffer, onFrame: (frame: Buffer) => void): void {
    for (let at = 0; at < chunk.length; ) {
      if (!this.#frame) {
        const taken = Math.min(LENGTH_BYTES - this.#lengthRead, chunk.length - at);
        chunk.copy(this.#length, this.#lengthRead, at, at + taken);
        at += taken;
        this.#lengthRead += taken;
        if (this.#lengthRead < LENGTH_BYTES) return;
        this.#begin(this.#length.readInt32BE());
        if (this.#size === 0) this.#complete(onFrame);
        continue;
      }
      if (this.#filled === this.#frame.length) this.#grow();
      const taken = Math.min(this.#frame.length - this.#filled, chunk.length - at);
      chunk.copy(this.#frame, this.#filled, at, at + taken);
      at += taken;
      this.#filled += taken;
      if (this.#filled === this.#size) this.#complete(onFrame);
    }
  }

  #begin(size: number): void {
    if (size < 0 || size > this.#limit) throw new ProtocolError(`a frame of ${size} bytes (limit ${this.#limit})`);
    this.#size = size;
    this.#filled = 0;
    this.#frame = takeFrame(Math.min(size, this.#firstRoom));
  }

  #grow(): void {
    const old = this.#frame as Buffer;
    const wider = takeFrame(Math.min(this.#size, old.length * 2));
    old.copy(wider, 0, 0, this.#filled);
    giveFrame(old);
    this.#frame = wider;
  }

  #complete(onFrame: (frame: Buffer) => void): void {
    const frame = this.#frame as Buffer;
    this.#frame = undefined;
    this.#lengthRead = 0;
    this.#filled = 0;
    onFrame(frame);
  }
}
