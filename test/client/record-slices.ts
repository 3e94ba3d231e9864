/** Records in the form that the producer accepts. */
import { RecordSlice } from '../../src/client/producer/record-slice.js';

/** A record with the given value and key. */
export function sliceOf(value: string, key?: string): RecordSlice {
  const slice = new RecordSlice(Buffer.from(`${key ?? ''}${value}`));
  if (key !== undefined) {
    slice.keyStart = 0;
    slice.keyEnd = key.length;
  }
  slice.valueStart = key?.length ?? 0;
  slice.valueEnd = slice.src.length;
  return slice;
}
