/** The batches of a log file, one after the other. Mirrors record/FileRecords and FileLogInputStream. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { JavaError } from '../../java/exceptions.js';
import { BATCH_HEADER, BATCH_PREFIX, batchSize } from '../../protocol/records/layout.js';
import { fileError } from './file-failure.js';

/** Bytes before a batch's own length counts, and the fewest it may count. */
const LOG_OVERHEAD = 12;
const SMALLEST = 14;
const WINDOW = 1 << 20;

export interface FileBatch {
  /** where it lies in the file; its bytes are `buf`, until the next batch is asked for */
  readonly position: number;
  readonly buf: Buffer;
}

export class BatchFile {
  readonly size: number;
  readonly #path: string;
  readonly #fd: number;
  #window: Buffer = Buffer.alloc(0);
  #windowAt = 0;

  /** `path` as messages name it. Throws JavaError. */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#fd = openSync(path, 'r');
    } catch (error) {
      throw fileError(path, error);
    }
    this.size = fstatSync(this.#fd).size;
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Where a piece of `size` bytes from `position` on ends. Throws JavaError. */
  end(position: number, size: number): number {
    const illegal = (message: string) => new JavaError('java.lang.IllegalArgumentException', message);
    if (position < 0) throw illegal(`Invalid position: ${position} in read from ${this}`);
    if (position > this.size) throw illegal(`Slice from position ${position} exceeds end position of ${this}`);
    if (size < 0) throw illegal(`Invalid size: ${size} in read from ${this}`);
    return Math.min(position + size, this.size);
  }

  /** The whole batches between two positions. Throws JavaError where there is none and cannot be. */
  *batches(from: number, end: number): Generator<FileBatch> {
    let position = from;
    while (position < end - BATCH_PREFIX) {
      const prefix = this.#read(position, BATCH_PREFIX);
      const size = batchSize(prefix, 0);
      if (size < SMALLEST + LOG_OVERHEAD) throw this.#corrupt(size - LOG_OVERHEAD);
      if (position > end - size) return;
      if (prefix[BATCH_PREFIX - 1] !== 2 || size < BATCH_HEADER) throw unknownFormat(prefix, position);
      yield { position, buf: this.#read(position, size) };
      position += size;
    }
  }

  toString(): string {
    return `FileRecords(size=${this.size}, file=${this.#path}, start=0, end=2147483647)`;
  }

  #corrupt(size: number): JavaError {
    return new JavaError(
      'org.apache.kafka.common.errors.CorruptRecordException',
      `Found record size ${size} smaller than minimum record overhead (${SMALLEST}) in file ${this.#path}.`,
    );
  }

  #read(position: number, length: number): Buffer {
    const at = position - this.#windowAt;
    if (at < 0 || at + length > this.#window.length) this.#fill(position, Math.max(length, WINDOW));
    const start = position - this.#windowAt;
    return this.#window.subarray(start, start + length);
  }

  #fill(position: number, length: number): void {
    const window = Buffer.allocUnsafeSlow(Math.min(length, this.size - position));
    let done = 0;
    try {
      while (done < window.length) {
        const n = readSync(this.#fd, window, done, window.length - done, position + done);
        if (n === 0) throw new Error('Unexpected EOF while attempting to read the next batch');
        done += n;
      }
    } catch (error) {
      throw new JavaError('org.apache.kafka.common.KafkaException', `${fileError(this.#path, error).message}`);
    }
    this.#window = window;
    this.#windowAt = position;
  }
}

/** Kafka has written no such batches since 0.11, and 4.x converts none. */
const unknownFormat = (prefix: Buffer, position: number): Error =>
  new Error(`A batch of magic ${prefix.readInt8(BATCH_PREFIX - 1)} at position ${position} is not read`);
