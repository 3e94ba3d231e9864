/** Dumps a log segment or KRaft snapshot, batch by batch. Mirrors DumpLogSegments.dumpLog. */
import path from 'node:path';
import { JavaError } from '../../java/exceptions.js';
import { RecordCursor } from '../../protocol/records/cursor.js';
import { At, isControl } from '../../protocol/records/layout.js';
import { BatchFile } from '../shared/batch-file.js';
import { offsetInName } from '../shared/file-failure.js';
import { batchLine, recordLine, timestampType } from './batch-line.js';
import { controlText } from './control.js';
import type { Decoder } from './decoders.js';
import type { Findings } from './findings.js';

export const MAX_INT = 0x7fffffff;

export interface LogDumpOptions {
  readonly deep: boolean;
  /** undefined: keys and values are not printed */
  readonly decoder: Decoder | undefined;
  readonly skipRecordMetadata: boolean;
  readonly maxBytes: number;
  readonly findings: Findings;
}

/** Yields the output in chunks of at most a line. Throws JavaError after the output that precedes the failure. */
export function* dumpLog(file: string, options: LogDumpOptions): Generator<string> {
  yield `${heading(path.basename(file))}\n`;
  const log = new BatchFile(file);
  try {
    const end = log.end(0, options.maxBytes);
    const records = new RecordPrinter(file, options);
    let valid = 0;
    for (const { buf, position } of log.batches(0, end)) {
      yield `${batchLine(buf, position)}\n`;
      if (options.deep) yield* records.print(buf);
      valid = position + buf.length;
    }
    if (end > valid && options.maxBytes === MAX_INT)
      yield `Found ${end - valid} invalid bytes at the end of ${path.basename(file)}\n`;
  } finally {
    log.close();
  }
}

function heading(name: string): string {
  if (name.endsWith('.log')) return `Log starting offset: ${offsetInName(name)}`;
  if (name === 'bootstrap.checkpoint') return 'KRaft bootstrap snapshot';
  const parts = /^(\d{20})-(\d{10})\.checkpoint$/.exec(name);
  if (parts) return `Snapshot end offset: ${BigInt(parts[1]!)}, epoch: ${Number(parts[2])}`;
  if (name.length >= 20) offsetInName(name.slice(0, 20));
  throw new JavaError('java.lang.StringIndexOutOfBoundsException', `begin 0, end 20, length ${name.length}`);
}

class RecordPrinter {
  #last = -1;
  readonly #cursor = new RecordCursor();

  constructor(
    private readonly file: string,
    private readonly options: LogDumpOptions,
  ) {}

  *print(buf: Buffer): Generator<string> {
    const cursor = this.#cursor;
    const type = timestampType(buf.readInt16BE(At.attributes));
    const sequence = buf.readInt32BE(At.baseSequence);
    const control = isControl(buf, 0);
    const { decoder, skipRecordMetadata } = this.options;
    this.#open(buf);
    while (this.#next()) {
      this.#count(cursor.offset);
      if (!skipRecordMetadata) yield recordLine(cursor, type, sequence) + (control ? controlText(cursor) : '');
      if (decoder && !control) yield contents(decoder, cursor, skipRecordMetadata);
      yield '\n';
    }
  }

  #count(offset: number): void {
    if (offset !== this.#last + 1) this.options.findings.gaps.add(path.resolve(this.file), [this.#last, offset]);
    this.#last = offset;
  }

  #open(buf: Buffer): void {
    try {
      this.#cursor.open(buf);
    } catch {
      throw new JavaError('org.apache.kafka.common.KafkaException', 'Failed to decompress record stream');
    }
  }

  #next(): boolean {
    try {
      return this.#cursor.next();
    } catch {
      throw new JavaError('org.apache.kafka.common.InvalidRecordException', 'Found invalid record structure');
    }
  }
}

function contents(decoder: Decoder, cursor: RecordCursor, first: boolean): string {
  const { key, value } = decoder(cursor);
  const parts = [...(key === undefined ? [] : [`key: ${key}`]), ...(value === undefined ? [] : [`payload: ${value}`])];
  if (parts.length === 0) return '';
  return `${first ? '| ' : ' '}${parts.join(' ')}`;
}
