/** What prints a record. Mirrors clients/common/MessageFormatter. */
import type { RecordCursor } from '../../../protocol/records/cursor.js';
import type { Output } from '../../shared/output.js';

/** Where a record comes from. */
export interface RecordSource {
  readonly state: { readonly topic: string; readonly partition: number };
  readonly logAppendTime: boolean;
  /** how often a share group has delivered it */
  readonly deliveryCount?: number;
}

export interface Formatter {
  /** Prints the cursor's current record. Throws JavaError when it cannot. */
  write(cursor: RecordCursor, fetched: RecordSource, out: Output): void;
  /** prints values and line separators only, so that they can be moved together where they lie (plain.ts) */
  readonly plain?: { readonly separator: Buffer; readonly nullLiteral: Buffer };
}

export interface FormatterOptions {
  readonly properties: ReadonlyMap<string, string>;
  /** a line for stderr, as a log event */
  readonly log: (level: string, message: string, logger: string) => void;
}
