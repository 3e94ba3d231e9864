/** Reads a log file batch by batch. Mirrors record/FileRecords and FileLogInputStream. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { JavaError } from '../../java/exceptions.js';
import { BATCH_HEADER, BATCH_PREFIX, batchSize } from '../../protocol/records/layout.js';
import { fileError } from './file-failure.js';

/** Size of the offset and length fields, which precede the bytes that the length counts. */
const LOG_OVERHEAD = 12;
const SMALLEST = 14;
const WINDOW = 1 << 20;

export interface FileBatch {
  /** byte offset in the file; the batch's bytes are `buf`, valid until the next batch is read */
  readonly position: number;
  readonly buf: Buffer;
}

export class BatchFile {
  readonly size: number;
  readonly #path: string;
  readonly #fd: number;
  #window: Buffer = Buffer.alloc(0);
  #windowAt = 0;

  /** `path`: as printed in errors. Throws JavaError. */
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

  /** End position of a slice of `size` bytes from `position`, at most the file's size. Throws JavaError. */
  end(position: number, size: number): number {
    const illegal = (message: string) => new JavaError('java.lang.IllegalArgumentException', message);
    if (position < 0) throw illegal(`Invalid position: ${position} in read from ${this}`);
    if (position > this.size) throw illegal(`Slice from position ${position} exceeds end position of ${this}`);
    if (size < 0) throw illegal(`Invalid size: ${size} in read from ${this}`);
    return Math.min(position + size, this.size);
  }

  /** The complete batches between two positions. Throws JavaError when a batch's size is impossible. */
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

/** Message formats 0 and 1: Kafka has not written them since 0.11, and 4.x does not convert them. */
const unknownFormat = (prefix: Buffer, position: number): Error =>
  new Error(`A batch of magic ${prefix.readInt8(BATCH_PREFIX - 1)} at position ${position} is not read`);
