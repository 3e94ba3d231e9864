/**
 * The compression codecs of record batches, each loaded on first use. Synchronous: a batch is about a megabyte.
 * gzip: node:zlib. snappy: xerial framing, like the Java client; also reads raw blocks. lz4: LZ4 frames.
 * zstd: node:zlib if it has zstd (22.15), else the package.
 */
import { createRequire } from 'node:module';
import * as zlib from 'node:zlib';
import { Errors, KafkaError } from '../errors.js';
import { boundLz4, boundZstd } from './compression-bounds.js';

export const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type CodecName = (typeof CODECS)[number];

/** The number of a codec in a batch's attributes: "zstd" -> 4. -1 for an unknown name. */
export const codecId = (name: string): number => (name === 'uncompressed' ? 0 : CODECS.indexOf(name as CodecName));

/** Default limit of a batch's decompressed size, bytes: far above any legitimate batch. */
export const MAX_DECOMPRESSED = 256 * 1024 * 1024;

const require = createRequire(import.meta.url);

type Snappy = { compressSync(data: Buffer): Buffer; uncompressSync(data: Buffer, o: { asBuffer: true }): Buffer };
type Lz4 = { compressFrameSync(data: Buffer): Buffer; decompressFrameSync(data: Buffer): Buffer };
type ZstdPackage = {
  Encoder: new (level: number) => { encodeSync(data: Buffer): Buffer };
  Decoder: new () => { decodeSync(data: Buffer): Buffer };
};
type ZlibWithZstd = {
  zstdCompressSync?(data: Buffer, options?: object): Buffer;
  zstdDecompressSync?(data: Buffer, options?: object): Buffer;
};
const zlibZstd = zlib as unknown as ZlibWithZstd;

const load = <T>(name: string): (() => T) => {
  let loaded: T | undefined;
  return () => (loaded ??= require(name) as T);
};
const snappy = load<Snappy>('snappy');
const lz4 = load<Lz4>('lz4-napi');
const zstd = load<ZstdPackage>('@toondepauw/node-zstd');

const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
const XERIAL_BLOCK = 32 * 1024;

/** Compresses a batch's records. `level`: the codec's compression level; default: the codec's default (snappy has none). */
export function compress(codec: number, data: Buffer, level?: number): Buffer {
  switch (codec) {
    case 0:
      return data;
    case 1:
      return zlib.gzipSync(data, level === undefined ? {} : { level });
    case 2:
      return compressXerial(data);
    case 3:
      return lz4().compressFrameSync(data);
    case 4:
      return compressZstd(data, level ?? 3);
    default:
      throw new KafkaError(Errors.UNSUPPORTED_COMPRESSION_TYPE, `Unknown compression type id: ${codec}`);
  }
}

/**
 * Decompresses a batch's records. Throws CORRUPT_MESSAGE when the data is invalid, or when it would decompress to more than
 * `max` bytes (checked before decompressing).
 */
export function decompress(codec: number, data: Buffer, max = MAX_DECOMPRESSED): Buffer {
  try {
    switch (codec) {
      case 0:
        return data;
      case 1:
        return zlib.gunzipSync(data, { maxOutputLength: max });
      case 2:
        return isXerial(data) ? decompressXerial(data, max) : decompressRaw(data, max);
      case 3:
        boundLz4(data, max);
        return lz4().decompressFrameSync(data);
      case 4:
        return decompressZstd(data, max);
    }
  } catch (e) {
    if (e instanceof KafkaError) throw e;
    throw new KafkaError(Errors.CORRUPT_MESSAGE, `Failed to decompress record stream: ${(e as Error).message}`);
  }
  throw new KafkaError(Errors.UNSUPPORTED_COMPRESSION_TYPE, `Unknown compression type id: ${codec}`);
}

function compressXerial(data: Buffer): Buffer {
  const pieces: Buffer[] = [XERIAL];
  for (let at = 0; at < data.length; at += XERIAL_BLOCK) {
    const block = snappy().compressSync(data.subarray(at, at + XERIAL_BLOCK));
    const size = Buffer.allocUnsafe(4);
    size.writeInt32BE(block.length);
    pieces.push(size, block);
  }
  return Buffer.concat(pieces);
}

// librdkafka writes different version numbers into the header, so only compare the magic
const isXerial = (data: Buffer): boolean => data.length >= 16 && data.compare(XERIAL, 0, 8, 0, 8) === 0;

function decompressXerial(data: Buffer, max: number): Buffer {
  const pieces: Buffer[] = [];
  let left = max;
  for (let at = 16; at < data.length; ) {
    const size = at + 4 <= data.length ? data.readInt32BE(at) : -1;
    if (size < 0 || size > data.length - at - 4) throw new Error('a snappy block exceeds the data');
    const piece = decompressRaw(data.subarray(at + 4, at + 4 + size), left);
    left -= piece.length;
    pieces.push(piece);
    at += 4 + size;
  }
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}

function decompressRaw(data: Buffer, max: number): Buffer {
  let size = 0;
  for (let i = 0, scale = 1; ; i++, scale *= 128) {
    const byte = data[i];
    if (byte === undefined || i > 4) throw new Error('a snappy block without its size');
    size += (byte & 127) * scale;
    if (byte < 128) break;
  }
  if (size > max) throw new Error(`more than ${max} bytes`);
  return snappy().uncompressSync(data, { asBuffer: true });
}

function compressZstd(data: Buffer, level: number): Buffer {
  if (zlibZstd.zstdCompressSync === undefined) return new (zstd().Encoder)(level).encodeSync(data);
  // 100 = ZSTD_c_compressionLevel
  return zlibZstd.zstdCompressSync(data, { params: { 100: level } });
}

function decompressZstd(data: Buffer, max: number): Buffer {
  if (zlibZstd.zstdDecompressSync !== undefined) return zlibZstd.zstdDecompressSync(data, { maxOutputLength: max });
  boundZstd(data, max);
  return new (zstd().Decoder)().decodeSync(data);
}
