/**
 * Splits a socket's bytes into frames. A socket with `onread` (`room`, `filled`) reads large frames directly into their
 * final buffer, without a copy; small ones go through one scratch buffer shared by all connections, which is safe because
 * each read is consumed before the next. Chunks from other sockets (TLS) are copied (`push`).
 *
 * A bogus length does not allocate memory: the buffer grows as bytes arrive, doubling.
 */
import { ProtocolError } from './buffer.js';
import { giveFrame, takeFrame } from './frame-pool.js';

const SCRATCH = Buffer.allocUnsafeSlow(64 * 1024);
const LENGTH_BYTES = 4;
const FIRST_ROOM = 2 << 20;

/** The frame decoder of one connection. */
export class FrameBuffer {
  #limit: number;
  #firstRoom: number;
  readonly #length = Buffer.alloc(LENGTH_BYTES);
  #lengthRead = 0;
  /** the incomplete frame: `#filled` of `#size` bytes have arrived */
  #frame: Buffer | undefined;
  #size = 0;
  #filled = 0;

  /** `limit`: maximum size of a frame, bytes; `firstRoom`: maximum initial allocation for a frame, bytes. */
  constructor(limit: number, firstRoom = FIRST_ROOM) {
    this.#limit = limit;
    this.#firstRoom = firstRoom;
  }

  /** Changes both for subsequent frames. */
  bound(limit: number, firstRoom = FIRST_ROOM): void {
    this.#limit = limit;
    this.#firstRoom = firstRoom;
  }

  /** Bytes received of an incomplete frame. */
  get pending(): number {
    return this.#lengthRead + this.#filled;
  }

  /** The buffer for the next read. */
  room(): Buffer {
    const frame = this.#frame;
    if (!frame || this.#size - this.#filled < SCRATCH.length) return SCRATCH;
    if (this.#filled === frame.length) this.#grow();
    return (this.#frame as Buffer).subarray(this.#filled);
  }

  /** Consumes `bytes` that were read into `buffer`, the result of `room()`. Throws ProtocolError for a size out of bounds. */
  filled(buffer: Buffer, bytes: number, onFrame: (frame: Buffer) => void): void {
    if (buffer.buffer === SCRATCH.buffer) return this.push(buffer.subarray(0, bytes), onFrame);
    this.#filled += bytes;
    if (this.#filled === this.#size) this.#complete(onFrame);
  }

  /** Consumes a chunk by copying it. Throws ProtocolError for a size out of bounds. */
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
