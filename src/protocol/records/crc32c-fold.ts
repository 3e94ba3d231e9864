/**
 * CRC-32C of large inputs, almost without tables and four times as fast: WebAssembly SIMD folds sixteen bytes at a time
 * (after Sam Russell's "Chorba" for CRC-32; 9.4 GB/s on a megabyte, where @node-rs/crc32 with the CPU's CRC instruction
 * reached 4.0).
 *
 * A CRC is the remainder of a division by a polynomial, so adding a multiple of that polynomial changes nothing.
 * x^209 + x^144 + x^54 + x^39 + x^14 + 1 is a multiple, the one of lowest degree with six terms, and it stays one when x
 * stands for a lane of 128 bits, or of 32 (its 128th or 32nd power). So a lane can be removed if it is added (XORed) to the
 * lanes 65, 155, 170, 195 and 209 places after it. Only the last 209 lanes remain: 3344 bytes of wide lanes, which folding
 * by narrow lanes reduces to 836 bytes for the tables.
 *
 * The module's memory: 209 empty lanes, then the input, which is folded in place.
 */
import { CRC32C_FOLD } from './crc32c-fold.wasm.js';

const DISTANCES = [65, 155, 170, 195, 209];
const REACH = 209;

/** bytes per lane */
const WIDE = 16;
const NARROW = 4;

/** lanes per loop iteration */
const UNROLLED = 2;
/** the granularity of folding, bytes: whole loop iterations at either width, and whole steps of the tables */
const UNIT = UNROLLED * WIDE;
/** start of the input in memory */
const DATA = REACH * WIDE;
/** bytes copied in at a time: they fit into the L1 cache */
const STAGE = 64 * 1024;

/** Below this size, bytes, the tables are as fast. */
export const FOLDS_FROM = 4 * 1024;

/** The part of the WebAssembly API that is used; @types/node does not declare it. */
interface Wasm {
  Memory: new (limits: { initial: number }) => { buffer: ArrayBuffer };
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: Record<string, unknown> };
  validate(code: Uint8Array): boolean;
}
/** Folds the preceding lanes into the lanes at addresses [first, end); whole loop iterations. */
type Fold = (first: number, end: number) => void;
/** Adds to each lane in [first, end) the lane `back` bytes before it. */
type Add = (first: number, end: number, back: number) => void;
/** The functions of crc32c-fold.wat. */
interface Folding {
  readonly foldWide: Fold;
  readonly foldNarrow: Fold;
  readonly addWide: Add;
  readonly addNarrow: Add;
}

/** The CRC (not inverted, initial value zero) of words[from, to) is that of the input's first `bytes` bytes. */
export interface Folded {
  readonly words: Int32Array;
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
}

/**
 * Returns a function that folds `buf[start, end)`, at least FOLDS_FROM bytes, continuing from `crc`. Its result is valid
 * until the next call. Undefined if WebAssembly lacks SIMD.
 */
export function makeFold(): ((buf: Uint8Array, start: number, end: number, crc: number) => Folded) | undefined {
  const wasm = (globalThis as { WebAssembly?: Wasm }).WebAssembly;
  const code = Buffer.from(CRC32C_FOLD, 'base64');
  if (wasm === undefined || !wasm.validate(code)) return undefined;
  const memory = new wasm.Memory({ initial: Math.ceil((DATA + STAGE) / 65536) });
  const bytes = new Uint8Array(memory.buffer);
  const words = new Int32Array(memory.buffer);
  const { exports } = new wasm.Instance(new wasm.Module(code), { env: { memory } });
  const { foldWide, foldNarrow, addWide, addNarrow } = exports as unknown as Folding;

  /** Folds [from, to) into its last lanes, everything before it being folded already; returns where the last lanes start. */
  const toLast = (fold: Fold, add: Add, lane: number, from: number, to: number): number => {
    const reach = REACH * lane;
    const last = from + ((to - from - reach) & -UNIT);
    if (last > from) fold(from - reach, last - reach);
    for (const distance of DISTANCES) {
      const back = distance * lane;
      add(last, Math.min(to, last + back), back);
    }
    return last;
  };

  return (buf, start, end, crc) => {
    const length = (end - start) & -UNIT;
    words.fill(0, 0, DATA / 4);
    let before = crc;
    for (let at = 0; ; ) {
      let staged = Math.min(length - at, STAGE);
      // the last piece must be large enough for everything that is folded into it
      if (at + staged < length && length - at - staged < FOLDS_FROM) staged -= FOLDS_FROM;
      bytes.set(new Uint8Array(buf.buffer, buf.byteOffset + start + at, staged), DATA);
      words[DATA / 4]! ^= before;
      before = 0;
      at += staged;
      const to = DATA + staged;
      if (at === length) {
        const few = toLast(foldWide, addWide, WIDE, DATA, to);
        // the lanes before `few` have been folded into it
        words.fill(0, few / 4 - REACH, few / 4);
        return { words, from: toLast(foldNarrow, addNarrow, NARROW, few, to) / 4, to: to / 4, bytes: length };
      }
      foldWide(0, staged);
      bytes.copyWithin(0, staged, to);
    }
  };
}
