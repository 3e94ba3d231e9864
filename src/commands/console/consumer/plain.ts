/**
 * Values and line separators, and nothing else: what the console consumer prints by default.
 *
 * How it is fast: a record's own fields (length, attributes, deltas, lengths: 7 bytes at least) are longer than a line
 * separator, so the values move together within the very buffer that was fetched, by `copyWithin` (a memmove), each once,
 * and one piece per batch goes out; a large value is not moved at all. Nothing is allocated per record.
 */
import type { RecordCursor } from '../../../protocol/records/cursor.js';
import type { Marks } from '../../shared/marks.js';
import type { Selection } from './selection.js';

/** what a record has at least besides its value */
const LEAST_OVERHEAD = 7;

export const canMove = (separator: Buffer, nullLiteral: Buffer): boolean =>
  separator.length + nullLiteral.length <= LEAST_OVERHEAD;

/** From this size on a value is written from where it lies: the system call costs less than the move. */
const LARGE = 64 * 1024;

/** Values that lie together, and how far the cursor has come. */
export interface Moved {
  /** where in `cursor.data` the values begin and end */
  start: number;
  end: number;
  /** the cursor's record is large and not among them: what lies here is to be written first */
  held: boolean;
}

/**
 * Moves the values of the cursor's batch, from the source's position on and `max` at most, together after `moved.end` in
 * `cursor.data`, which must not be after the cursor's record, and marks their ends; only those that `selection` takes. Stops before a large value, unless
 * nothing lies here yet: that one stays where it is.
 */
export function moveValues(
  cursor: RecordCursor,
  source: { readonly position: number; readonly epoch: number },
  max: number,
  plain: { separator: Buffer; nullLiteral: Buffer },
  moved: Moved,
  marks: Marks,
  selection: Selection | undefined,
): void {
  const { separator, nullLiteral } = plain;
  const { position, epoch } = source;
  const { data } = cursor;
  const lf = separator.length === 1 ? (separator[0] as number) : -1;
  let { start, end: pos, held } = moved;
  let count = 0;
  try {
    while (count < max && (held || cursor.next())) {
      const again = held;
      held = false;
      if (!again && (cursor.offset < position || selection?.takes(cursor) === false)) continue;
      const length = cursor.valueLength;
      if (length < 0) {
        pos += nullLiteral.copy(data, pos);
      } else if (length < LARGE || lf < 0) {
        data.copyWithin(pos, cursor.valueStart, cursor.valueStart + length);
        pos += length;
      } else if (pos > start) {
        held = true;
        break;
      } else {
        start = cursor.valueStart;
        pos = start + length;
      }
      count++;
      // after a value that stayed lies at least one byte of its record that is read already: the number of its headers
      if (lf >= 0) data[pos++] = lf;
      else pos += separator.copy(data, pos);
      marks.add(pos, cursor.offset, epoch);
    }
  } finally {
    // what came before a record that does not hold together is printed
    moved.start = start;
    moved.end = pos;
    moved.held = held;
  }
}
