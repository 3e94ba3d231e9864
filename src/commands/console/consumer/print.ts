/** Prints what is fetched until enough is printed; a partition's position moves when its bytes are out. */
import type { Fetched } from '../../../client/consumer/fetched.js';
import { RecordCursor } from '../../../protocol/records/cursor.js';
import type { Output } from '../../shared/output.js';
import type { Formatter } from '../formatters/formatter.js';
import { canMove, type Moved, moveValues } from './plain.js';
import type { Selection } from './selection.js';

type Plain = NonNullable<Formatter['plain']>;

export interface PrinterOptions {
  /** messages after which it is enough */
  readonly max: number;
  /** called for a message that could not be printed; without it, that ends the printing */
  readonly onSkipped?: ((error: unknown) => void) | undefined;
  /** what is not taken is read and not printed */
  readonly selection?: Selection | undefined;
}

/** The formatter could not print a message. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

export class Printer {
  /** messages that are out, or on their way */
  #count = 0;
  readonly #formatter: Formatter;
  readonly #out: Output;
  readonly #options: PrinterOptions;
  readonly #cursor = new RecordCursor();

  constructor(formatter: Formatter, out: Output, options: PrinterOptions) {
    this.#formatter = formatter;
    this.#out = out;
    this.#options = options;
  }

  /** Whether enough is printed, or nobody reads any more. */
  async finished(): Promise<boolean> {
    if (this.#count < this.#options.max) return this.#out.closed;
    // what was dropped on its way, since the group gave its partition to another, is not printed
    await this.#out.settled();
    this.#count = this.#out.count;
    return this.#count >= this.#options.max || this.#out.closed;
  }

  /** Throws FormatError, and KafkaError for bytes that are not what they should be. What came before is printed then. */
  print(fetched: Fetched): Promise<void> {
    const { plain } = this.#formatter;
    this.#options.selection?.begin();
    if (plain && canMove(plain.separator, plain.nullLiteral)) return this.#move(fetched, plain);
    return this.#format(fetched);
  }

  async #move(fetched: Fetched, plain: Plain): Promise<void> {
    const cursor = this.#cursor;
    const { records } = fetched;
    const here: Moved = { start: 0, end: 0, held: false };
    try {
      while (!fetched.stopped && fetched.next(cursor)) {
        if (cursor.data === records) {
          if (!(await this.#values(fetched, plain, here))) return;
        } else {
          // decompressed elsewhere: what lies here goes first
          if (!(await this.#write(fetched, records, here))) return;
          const there: Moved = { start: 0, end: 0, held: false };
          if (!(await this.#values(fetched, plain, there)) || !(await this.#write(fetched, cursor.data, there))) return;
        }
        if (this.#count < this.#options.max) continue;
        fetched.stopAt(cursor.offset + 1);
        break;
      }
    } finally {
      await this.#write(fetched, records, here);
      this.#out.end(fetched);
    }
  }

  /** The values of the cursor's batch; false when there is no more to do. */
  async #values(fetched: Fetched, plain: Plain, moved: Moved): Promise<boolean> {
    const cursor = this.#cursor;
    do {
      const { marks } = this.#out;
      const before = marks.count;
      const { max, selection } = this.#options;
      moveValues(cursor, fetched, max - this.#count, plain, moved, marks, selection);
      this.#count += marks.count - before;
      if (moved.held && !(await this.#write(fetched, cursor.data, moved))) return false;
    } while (moved.held);
    return true;
  }

  #write(fetched: Fetched, data: Buffer, moved: Moved): Promise<boolean> {
    const { start } = moved;
    moved.start = moved.end;
    return this.#out.direct(data, start, fetched);
  }

  async #format(fetched: Fetched): Promise<void> {
    const cursor = this.#cursor;
    try {
      while (fetched.nextRecord(cursor)) {
        if (this.#options.selection?.takes(cursor) === false) continue;
        this.#count++;
        this.#one(cursor, fetched);
        if (this.#count >= this.#options.max) return;
        if (this.#out.full && !(await this.#out.flush(fetched))) return;
      }
    } finally {
      await this.#out.flush(fetched);
      this.#out.end(fetched);
    }
  }

  /** One that cannot be printed is consumed all the same, with what of it was printed. */
  #one(cursor: RecordCursor, fetched: Fetched): void {
    try {
      this.#formatter.write(cursor, fetched, this.#out);
    } catch (error) {
      if (!this.#options.onSkipped) throw new FormatError('', { cause: error });
      this.#options.onSkipped(error);
    } finally {
      this.#out.mark(cursor.offset, fetched.epoch);
    }
  }
}
