/**
 * CRC-32C (Castagnoli, reflected polynomial 0x82f63b78), as used by RecordBatch v2. Slicing-by-16 in JavaScript;
 * larger inputs are folded to a few kilobytes first.
 */
import { FOLDS_FROM, makeFold } from './crc32c-fold.js';

const SLICES = 16;
const table = new Int32Array(SLICES * 256);
for (let i = 0; i < 256; i++) {
  let c = i;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
  table[i] = c;
}
for (let i = 256; i < table.length; i++) {
  const before = table[i - 256]!;
  table[i] = (before >>> 8) ^ table[before & 255]!;
}

/** created for the first large input; false if WebAssembly does not support it */
let fold: ReturnType<typeof makeFold> | false;
/** creating it costs a millisecond, which does not pay off for a few records; bytes */
const WORTH_IT = 16 * 1024;

/** Below this size, bytes, creating the word view costs more than it saves. */
const SMALL = 192;
const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * The CRC of `buf[start, end)`, an unsigned 32-bit number. Incremental: `crc32c(b, 0, n, crc32c(a))` is the CRC of a
 * followed by b.
 */
export function crc32c(buf: Uint8Array, start = 0, end = buf.length, crc = 0): number {
  let c = ~crc;
  let i = start;
  const t = table;
  if (end - start >= FOLDS_FROM && littleEndian) {
    if (fold === undefined && end - start >= WORTH_IT) fold = makeFold() ?? false;
    if (fold) {
      const { words, from, to, bytes } = fold(buf, start, end, c);
      c = slice16(words, 0, from, to);
      i += bytes;
    }
  }
  if (end - i >= SMALL && littleEndian) {
    while ((buf.byteOffset + i) & 3) c = t[(c ^ buf[i++]!) & 255]! ^ (c >>> 8);
    const words = new Int32Array(buf.buffer, buf.byteOffset + i, ((end - i) >> 4) << 2);
    c = slice16(words, c, 0, words.length);
    i += words.length * 4;
  }
  for (; i < end; i++) c = t[(c ^ buf[i]!) & 255]! ^ (c >>> 8);
  return ~c >>> 0;
}

/** Slicing-by-16 over `words[from, to)`, a multiple of four words. */
function slice16(words: Int32Array, crc: number, from: number, to: number): number {
  const t = table;
  let c = crc;
  for (let j = from; j < to; j += 4) {
    const w = words[j]! ^ c;
    const x = words[j + 1]!;
    const y = words[j + 2]!;
    const z = words[j + 3]!;
    c =
      t[3840 + (w & 255)]! ^
      t[3584 + ((w >>> 8) & 255)]! ^
      t[3328 + ((w >>> 16) & 255)]! ^
      t[3072 + (w >>> 24)]! ^
      t[2816 + (x & 255)]! ^
      t[2560 + ((x >>> 8) & 255)]! ^
      t[2304 + ((x >>> 16) & 255)]! ^
      t[2048 + (x >>> 24)]! ^
      t[1792 + (y & 255)]! ^
      t[1536 + ((y >>> 8) & 255)]! ^
      t[1280 + ((y >>> 16) & 255)]! ^
      t[1024 + (y >>> 24)]! ^
      t[768 + (z & 255)]! ^
      t[512 + ((z >>> 8) & 255)]! ^
      t[256 + ((z >>> 16) & 255)]! ^
      t[z >>> 24]!;
  }
  return c;
}
