/**
 * Reuses the memory of large frames. Allocating a frame of a megabyte costs more than appending it: its pages are zeroed
 * one fault at a time, and V8 collects the whole heap every few dozen frames. Code that is sure that a frame is no longer
 * referenced returns it; otherwise it is left to the garbage collector.
 */

/** Smaller frames come from Node's own buffer pool; bytes. */
const SMALLEST = 4096;
/** Larger frames are too rare to keep memory for; bytes. */
const LARGEST = 16 << 20;
/** maximum size of the unused memory, bytes */
const MOST = 32 << 20;

const free = new Map<number, ArrayBuffer[]>();
let idle = 0;
const lent = new WeakSet<ArrayBufferLike>();

/** Rounds up to a size class: four per power of two, so that at most a fifth is wasted. */
function roomFor(size: number): number {
  const step = 1 << (29 - Math.clz32(size - 1));
  return Math.ceil(size / step) * step;
}

/** Allocates or reuses an uninitialized buffer of `size` bytes. */
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

/** Returns a buffer of `takeFrame`, which must not be used any more. Ignores other buffers. */
export function giveFrame({ buffer }: Buffer): void {
  if (!lent.delete(buffer) || idle + buffer.byteLength > MOST) return;
  idle += buffer.byteLength;
  const list = free.get(buffer.byteLength);
  if (list) list.push(buffer as ArrayBuffer);
  else free.set(buffer.byteLength, [buffer as ArrayBuffer]);
}
