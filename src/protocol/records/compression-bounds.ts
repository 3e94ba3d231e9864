/**
 * Upper bounds of a compressed frame's decompressed size, computed from its block headers without decompressing: the
 * packages have no size limit, and a megabyte of zstd can decompress to thirty gigabytes.
 */

const LZ4_MAGIC = 0x184d2204;
const ZSTD_MAGIC = 0xfd2fb528;
const ZSTD_BLOCK = 128 * 1024;

function tooLarge(bytes: number, max: number): void {
  if (bytes > max) throw new Error(`up to ${bytes} bytes, more than ${max}`);
}

const byte = (data: Buffer, at: number): number => {
  const b = data[at];
  if (b === undefined) throw new Error('the frame ends early');
  return b;
};

/** Throws when the LZ4 frame could decompress to more than `max` bytes: a block to at most 255 times its compressed size. */
export function boundLz4(data: Buffer, max: number): void {
  if (data.length < 7 || data.readUInt32LE(0) !== LZ4_MAGIC) throw new Error('not an LZ4 frame');
  const flags = data[4]!;
  const blockMax = 1 << (8 + 2 * ((data[5]! >> 4) & 7));
  const blockTrailer = flags & 0x10 ? 4 : 0;
  let at = 7 + (flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0);
  let total = 0;
  while (at + 4 <= data.length) {
    const word = data.readUInt32LE(at);
    if (word === 0) return;
    const size = word & 0x7fffffff;
    total += word >>> 31 ? size : Math.min(blockMax, size * 255);
    tooLarge(total, max);
    at += 4 + size + blockTrailer;
  }
}

/** Throws when the zstd frames could decompress to more than `max` bytes. */
export function boundZstd(data: Buffer, max: number): void {
  let total = 0;
  for (let at = 0; at < data.length; ) {
    if (at + 8 > data.length) throw new Error('the frame ends early');
    const magic = data.readUInt32LE(at);
    if (magic >>> 4 === 0x184d2a5) {
      at += 8 + data.readUInt32LE(at + 4);
      continue;
    }
    if (magic !== ZSTD_MAGIC) throw new Error('not a zstd frame');
    const descriptor = byte(data, at + 4);
    const single = descriptor & 0x20 ? 1 : 0;
    const sizeField = [single, 2, 4, 8][descriptor >> 6]!;
    at += 5 + (1 - single) + [0, 1, 2, 4][descriptor & 3]! + sizeField;
    for (let last = false; !last; ) {
      const header = byte(data, at) | (byte(data, at + 1) << 8) | (byte(data, at + 2) << 16);
      const type = (header >> 1) & 3;
      const size = header >> 3;
      last = (header & 1) === 1;
      total += type === 2 ? ZSTD_BLOCK : size;
      tooLarge(total, max);
      at += 3 + (type === 1 ? 1 : size);
    }
    if (descriptor & 0x04) at += 4;
  }
}
