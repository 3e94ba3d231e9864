/** `--input json`: every line of the input is a record of the producer, but for blank ones. */
import type { Producer } from '../../../client/producer/producer.js';
import { RecordSlice } from '../../../client/producer/record-slice.js';
import { type JsonRecord, JsonRecordError, jsonRecord } from './json-record.js';

/** What of a line is kept besides key, value and headers. */
export interface Keep {
  readonly partition: boolean;
  readonly timestamp: boolean;
}

/** In a JSON line a byte may be written as \u0000. */
export const BYTES_PER_BYTE = 6;

export class JsonLines {
  readonly #producer: Producer;
  readonly #keep: Keep;
  /** what there was no room for */
  #waiting: JsonRecord | undefined;
  readonly #slice = new RecordSlice(Buffer.alloc(0));

  constructor(producer: Producer, keep: Keep) {
    this.#producer = producer;
    this.#keep = keep;
  }

  /** Takes buf[start, end), the line of this number. False when the producer has no room yet. Throws JsonRecordError. */
  take(buf: Buffer, start: number, end: number, line: number): boolean {
    if (isBlank(buf, start, end)) return true;
    try {
      const record = this.#waiting ?? jsonRecord(buf, start, end);
      const taken = this.#append(record);
      this.#waiting = taken ? undefined : record;
      return taken;
    } catch (error) {
      if (!(error instanceof JsonRecordError)) throw error;
      throw new JsonRecordError(`Line ${line} of the input is not a record: ${error.message}`);
    }
  }

  #append({ partition, timestamp, key, value, headers }: JsonRecord): boolean {
    const keep = this.#keep;
    if (keep.partition && partition === undefined) throw new JsonRecordError('--keep partition, and it has none');
    if (keep.timestamp && timestamp === undefined) throw new JsonRecordError('--keep timestamp, and it has none');
    const to = keep.partition ? partition : undefined;
    const { partitions } = this.#producer;
    if (to !== undefined && partitions !== undefined && to >= partitions) {
      throw new JsonRecordError(`it names partition ${to}, and the topic has ${partitions}`);
    }
    const place = { partition: to, timestamp: keep.timestamp ? timestamp : undefined };
    return this.#producer.appendAt(this.#filled(key, value, headers), place);
  }

  #filled(key: Buffer | null, value: Buffer | null, headers: Buffer): RecordSlice {
    const slice = this.#slice;
    const keyEnd = key?.length ?? 0;
    const valueEnd = keyEnd + (value?.length ?? 0);
    if (slice.src.length < valueEnd) slice.src = Buffer.allocUnsafe(2 * valueEnd);
    key?.copy(slice.src, 0);
    value?.copy(slice.src, keyEnd);
    slice.keyStart = key ? 0 : -1;
    slice.keyEnd = key ? keyEnd : -1;
    slice.valueStart = value ? keyEnd : -1;
    slice.valueEnd = value ? valueEnd : -1;
    slice.headers = headers;
    slice.headersEnd = headers.length;
    return slice;
  }
}

function isBlank(buf: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (buf[at] !== 32 && buf[at] !== 9) return false;
  return true;
}
