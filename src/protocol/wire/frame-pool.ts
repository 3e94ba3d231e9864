/**
 * Memory of large frames, used again. A frame of a megabyte costs more to allocate than to append: its pages are zeroed
 * one fault at a time, and V8 collects the whole heap every few dozen of them. So whoever is sure that nobody looks at a
 * frame any more gives it back; who is not leaves it to the garbage collector.
 */

/** Below this Node's own pool of small buffers serves. */
const SMALLEST = 4096;
/** Above this a frame is too rare to keep memory for. */
const LARGEST = 16 << 20;
/** what lies idle at most */
const MOST = 32 << 20;

const free = new Map<number, ArrayBuffer[]>();
let idle = 0;
const lent = new WeakSet<ArrayBufferLike>();

/** The sizes that are kept: four between one power of two and the next, so that a fifth at most is waste. */
function roomFor(size: number): number {
  const step = 1 << (29 - Math.clz32(size - 1));
  return Math.ceil(size / step) * step;
}

/** A buffer of `size` bytes, whatever is in it. */
export function takeFrame(size: number): Buffer {
  if (size < SMALLEST) return Buffer.allocUnsafe(size);
  if (size > LARGEST) return Buffer.allocUnsafeSlow(size);
  const room = roomFor(size);
  let memory = free.get(room)?.pop();
  if (memory) idle -= room;
  else memory = Buffer.allocUnsafeSlow(room).buffer as ArrayBuffer;
  lent.add(memory);
  return Buffer.from(memory, 0, size);
}

/** Takes back what `takeFrame` gave; nobody may read it from then on. Anything else is left alone. */
export function giveFrame({ buffer }: Buffer): void {
  if (!lent.delete(buffer) || idle + buffer.byteLength > MOST) return;
  idle += buffer.byteLength;
  const list = free.get(buffer.byteLength);
  if (list) list.push(buffer as ArrayBuffer);
  else free.set(buffer.byteLength, [buffer as ArrayBuffer]);
}
