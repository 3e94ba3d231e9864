/**
 * Values and line separators, and nothing else: what the console consumer prints by default.
 *
 * How it is fast: a record's own fields (length, attributes, deltas, lengths: 7 bytes at least) are longer than a line
 * separator, so the values move together within the very buffer that was fetched, by `copyWithin` (a memmove), each once,
 * and one piece per batch goes out. Nothing is allocated per record.
 */
import type { RecordCursor } from '../../protocol/records.js';

/** what a record has at least besides its value */
const LEAST_OVERHEAD = 7;

export const canMove = (separator: Buffer, nullLiteral: Buffer): boolean =>
  separator.length + nullLiteral.length <= LEAST_OVERHEAD;

/**
 * Moves the values of the cursor's batch, from offset `from` on and `max` at most, together in `cursor.data`, from `at` on,
 * which must not be behind the batch's first record. Returns where they end; `moved.count` says how many they are.
 */
export function moveValues(
  cursor: RecordCursor,
  at: number,
  from: number,
  max: number,
  plain: { separator: Buffer; nullLiteral: Buffer },
  moved: { count: number },
): number {
  const { separator, nullLiteral } = plain;
  const { data } = cursor;
  const lf = separator.length === 1 ? (separator[0] as number) : -1;
  let pos = at;
  let count = 0;
  while (count < max && cursor.next()) {
    if (cursor.offset < from) continue;
    count++;
    const length = cursor.valueLength;
    if (length < 0) {
      pos += nullLiteral.copy(data, pos);
    } else {
      data.copyWithin(pos, cursor.valueStart, cursor.valueStart + length);
      pos += length;
    }
    if (lf >= 0) data[pos++] = lf;
    else pos += separator.copy(data, pos);
  }
  moved.count = count;
  return pos;
}
