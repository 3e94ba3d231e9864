import type { RecordCursor } from '../../../protocol/records/cursor.js';
import type { Output } from '../../shared/output.js';
import { DefaultFormatter } from './default-formatter.js';
import type { Formatter, FormatterOptions, RecordSource } from './formatter.js';

/**
 * Prints as the default formatter does. Mirrors tools/consumer/LoggingMessageFormatter, whose log events are at INFO, which
 * the Java tool's own logging leaves out.
 */
export class LoggingFormatter implements Formatter {
  readonly #default: DefaultFormatter;

  constructor(options: FormatterOptions) {
    this.#default = new DefaultFormatter(options);
  }

  write(cursor: RecordCursor, fetched: RecordSource, out: Output): void {
    this.#default.write(cursor, fetched, out);
  }
}
