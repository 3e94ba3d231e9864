/**
 * CRC-32C of large inputs almost without tables, four times as fast as with: bytes are folded away sixteen at a time by
 * SIMD in WebAssembly (Sam Russell's "Chorba" does so for CRC-32). A CRC is the remainder of dividing by a polynomial,
 * so adding a multiple of it changes nothing. x^209 + x^144 + x^54 + x^39 + x^14 + 1 is such a multiple, the one of
 * lowest degree with six terms, and stays one when x stands for a lane of 128 bits, or 32 (its 128th or 32nd power).
 * Hence a lane may be taken out where it is, and added (XOR) to the lanes 65, 155, 170, 195 and 209 behind it; only the
 * last 209, which have nobody to be added to, stay. Wide lanes leave 3344 bytes, narrow ones 836 of these; they are for
 * the tables. The code, some 300 bytes, is assembled here.
 *
 * Its memory: room for 209 lanes before those that are looked at, then the latter, which are folded in place.
 */
const DISTANCES = [65, 155, 170, 195, 209];
const REACH = 209;

interface Lane {
  readonly bytes: number;
  readonly load: readonly number[];
  readonly store: readonly number[];
  readonly xor: readonly number[];
}
const WIDE: Lane = { bytes: 16, load: [0xfd, 0, 4], store: [0xfd, 0x0b, 4], xor: [0xfd, 0x51] };
const NARROW: Lane = { bytes: 4, load: [0x28, 2], store: [0x36, 2], xor: [0x73] };

/** lanes per turn of the loop */
const UNROLLED = 2;
/** bytes that are folded, or left, together: whole turns of either width, and what the tables take */
const UNIT = UNROLLED * WIDE.bytes;
/** where what is looked at begins */
const DATA = REACH * WIDE.bytes;
/** bytes copied in at once: what the nearest caches hold */
const STAGE = 64 * 1024;

/** Below this the tables are as fast. */
export const FOLDS_FROM = 4 * 1024;

/** As much of it as is used: the types of Node have none. */
interface Wasm {
  Memory: new (limits: { initial: number }) => { buffer: ArrayBuffer };
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: Record<string, unknown> };
  validate(code: Uint8Array): boolean;
}
/** Folds [first, end), addresses, into what is behind: whole turns. */
type Fold = (first: number, end: number) => void;
/** Adds to each lane of [first, end) the one `back` bytes before it. */
type Add = (first: number, end: number, back: number) => void;

const leb = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...leb(n >>> 7)]);
const section = (id: number, body: number[]): number[] => [id, ...leb(body.length), ...body];
const get = (local: number): number[] => [0x20, local];
const SUBTRACT = 0x6b;
/** `body`, then the first argument moves on by `bytes` (below 64), until it is at the second */
const loop = (body: number[], bytes: number): number[] => [
  ...[0, 0x03, 0x40, ...body, ...get(0), 0x41, bytes, 0x6a, 0x22, 0, ...get(1), 0x49, 0x0d, 0, 0x0b, 0x0b],
];

/** The first argument is REACH lanes before the one to be folded, as an offset cannot be negative. */
function foldCode({ bytes, load, store, xor }: Lane): number[] {
  const body: number[] = [];
  const lane = (n: number): number[] => [...get(0), ...load, ...leb(n * bytes)];
  for (let n = REACH; n < REACH + UNROLLED; n++) {
    body.push(...get(0), ...lane(n));
    for (const distance of DISTANCES) body.push(...lane(n - distance), ...xor);
    body.push(...store, ...leb(n * bytes));
  }
  return loop(body, UNROLLED * bytes);
}

function addCode({ bytes, load, store, xor }: Lane): number[] {
  const back = [...get(0), ...get(2), SUBTRACT, ...load, 0];
  return loop([...get(0), ...get(0), ...load, 0, ...back, ...xor, ...store, 0], bytes);
}

function assemble(): Uint8Array {
  const functions = [foldCode(WIDE), foldCode(NARROW), addCode(WIDE), addCode(NARROW)];
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [2, 0x60, 2, 0x7f, 0x7f, 0, 0x60, 3, 0x7f, 0x7f, 0x7f, 0]),
    ...section(2, [1, 1, 0x6d, 1, 0x6d, 2, 0, 1]),
    ...section(3, [4, 0, 0, 1, 1]),
    ...section(7, [4, ...functions.flatMap((_, i) => [1, 0x61 + i, 0, i])]),
    ...section(10, [4, ...functions.flatMap((code) => [...leb(code.length), ...code])]),
  ]);
}

/** Words that have, from a CRC of zero on, the CRC (not inverted) of the input's first `bytes` bytes. */
export interface Folded {
  readonly words: Int32Array;
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
}

/**
 * Makes what folds `buf[start, end)`, of at least FOLDS_FROM bytes, behind the CRC of what came before; an answer is
 * good until the next call. Undefined where there is no WebAssembly with SIMD.
 */
export function makeFold(): ((buf: Uint8Array, start: number, end: number, crc: number) => Folded) | undefined {
  const wasm = (globalThis as { WebAssembly?: Wasm }).WebAssembly;
  const code = assemble();
  if (wasm === undefined || !wasm.validate(code)) return undefined;
  const memory = new wasm.Memory({ initial: Math.ceil((DATA + STAGE) / 65536) });
  const bytes = new Uint8Array(memory.buffer);
  const words = new Int32Array(memory.buffer);
  const { exports } = new wasm.Instance(new wasm.Module(code), { m: { m: memory } });
  const { a, b, c, d } = exports as { a: Fold; b: Fold; c: Add; d: Add };

  /** Folds [from, to), with all that comes before folded already, to the last lanes; returns where they begin. */
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
      // the last ones must be enough to take what reaches them
      if (at + staged < length && length - at - staged < FOLDS_FROM) staged -= FOLDS_FROM;
      bytes.set(new Uint8Array(buf.buffer, buf.byteOffset + start + at, staged), DATA);
      words[DATA / 4]! ^= before;
      before = 0;
      at += staged;
      const to = DATA + staged;
      if (at === length) {
        const few = toLast(a, c, WIDE.bytes, DATA, to);
        // what was before these is folded into them
        words.fill(0, few / 4 - REACH, few / 4);
        return { words, from: toLast(b, d, NARROW.bytes, few, to) / 4, to: to / 4, bytes: length };
      }
      a(0, staged);
      bytes.copyWithin(0, staged, to);
    }
  };
}
