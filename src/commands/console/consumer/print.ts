/** Prints what is fetched until enough is printed; a partition's position moves when its bytes are out. */
import type { Fetched } from '../../../client/consumer/fetched.js';
import { RecordCursor } from '../../../protocol/records/cursor.js';
import type { Formatter } from '../formatters/formatter.js';
import type { Output } from '../output.js';
import { canMove, type Moved, moveValues } from './plain.js';

type Plain = NonNullable<Formatter['plain']>;

export interface PrinterOptions {
  /** messages after which it is enough */
  readonly max: number;
  /** called for a message that could not be printed; without it, that ends the printing */
  readonly onSkipped?: (error: unknown) => void;
}

/** The formatter could not print a message. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

export class Printer {
  /** messages printed, or tried */
  count = 0;
  readonly #formatter: Formatter;
  readonly #out: Output;
  readonly #options: PrinterOptions;
  readonly #cursor = new RecordCursor();

  constructor(formatter: Formatter, out: Output, options: PrinterOptions) {
    this.#formatter = formatter;
    this.#out = out;
    this.#options = options;
  }

  /** Enough is printed, or nobody reads any more. */
  get finished(): boolean {
    return this.count >= this.#options.max || this.#out.closed;
  }

  /** Throws FormatError, and KafkaError for bytes that are not what they should be. What came before is printed then. */
  print(fetched: Fetched): Promise<void> {
    const { plain } = this.#formatter;
    if (plain && canMove(plain.separator, plain.nullLiteral)) return this.#move(fetched, plain);
    return this.#format(fetched);
  }

  async #move(fetched: Fetched, plain: Plain): Promise<void> {
    const cursor = this.#cursor;
    const { records } = fetched;
    const here: Moved = { start: 0, end: 0, count: 0, held: false };
    try {
      while (fetched.next(cursor)) {
        if (cursor.data === records) {
          if (!(await this.#values(fetched, plain, here))) return;
        } else {
          // decompressed elsewhere: what lies here goes first
          if (!(await this.#write(records, here))) return;
          const there: Moved = { start: 0, end: 0, count: 0, held: false };
          if (!(await this.#values(fetched, plain, there)) || !(await this.#write(cursor.data, there))) return;
        }
        if (this.count < this.#options.max) continue;
        fetched.stopAt(cursor.offset + 1);
        break;
      }
    } finally {
      await this.#out.direct(records.subarray(here.start, here.end), () => written(fetched));
    }
  }

  /** The values of the cursor's batch; false once nobody reads any more. */
  async #values(fetched: Fetched, plain: Plain, moved: Moved): Promise<boolean> {
    const cursor = this.#cursor;
    do {
      moveValues(cursor, fetched.position, this.#options.max - this.count, plain, moved);
      this.count += moved.count;
      if (moved.held && !(await this.#write(cursor.data, moved))) return false;
    } while (moved.held);
    return true;
  }

  async #write(data: Buffer, moved: Moved): Promise<boolean> {
    if (moved.end === moved.start) return true;
    const piece = data.subarray(moved.start, moved.end);
    moved.start = moved.end;
    return this.#out.direct(piece);
  }

  async #format(fetched: Fetched): Promise<void> {
    const cursor = this.#cursor;
    try {
      while (fetched.next(cursor)) {
        while (cursor.next()) {
          if (cursor.offset < fetched.position) continue;
          this.count++;
          this.#one(cursor, fetched);
          if (this.count >= this.#options.max) {
            fetched.stopAt(cursor.offset + 1);
            return;
          }
          if (this.#out.full && !(await this.#out.flush())) return;
        }
      }
    } finally {
      await this.#out.flush(() => written(fetched));
    }
  }

  #one(cursor: RecordCursor, fetched: Fetched): void {
    try {
      this.#formatter.write(cursor, fetched, this.#out);
    } catch (error) {
      if (this.#options.onSkipped) return this.#options.onSkipped(error);
      fetched.stopAt(cursor.offset + 1);
      throw new FormatError('', { cause: error });
    }
  }
}

/** Its bytes are out. */
function written(fetched: Fetched): void {
  fetched.done();
  fetched.free();
}
