/** The zig-zag varints of records: 32-bit for sizes and offset deltas, 64-bit for timestamp deltas. */

/** Encoded size of a signed 32-bit number, bytes. */
export function varintSize(n: number): number {
  const z = ((n << 1) ^ (n >> 31)) >>> 0;
  return z < 0x80 ? 1 : z < 0x4000 ? 2 : z < 0x200000 ? 3 : z < 0x10000000 ? 4 : 5;
}

/** Writes a signed 32-bit number and returns its end position. */
export function putVarint(buf: Uint8Array, at: number, n: number): number {
  let z = ((n << 1) ^ (n >> 31)) >>> 0;
  let i = at;
  while (z > 127) {
    buf[i++] = (z & 127) | 128;
    z >>>= 7;
  }
  buf[i++] = z;
  return i;
}

const INT32 = 0x7fffffff;

/** Encoded size for `putVarlong`, bytes. */
export function varlongSize(n: number): number {
  if (n <= INT32 && n >= -INT32) return varintSize(n);
  let size = 1;
  for (let z = n < 0 ? -2 * n - 1 : 2 * n; z > 127; z = Math.floor(z / 128)) size++;
  return size;
}

/** Writes an integer of up to 52 bits and returns its end position. */
export function putVarlong(buf: Uint8Array, at: number, n: number): number {
  if (n <= INT32 && n >= -INT32) return putVarint(buf, at, n);
  let z = n < 0 ? -2 * n - 1 : 2 * n;
  let i = at;
  while (z > 127) {
    buf[i++] = (z % 128) | 128;
    z = Math.floor(z / 128);
  }
  buf[i++] = z;
  return i;
}
