/**
 * Frames: int32 size, header, body. Request header v1 (v2 with tags when the request is flexible); response header v0
 * (v1 when flexible, except for ApiVersions, whose response must be readable without knowing the version).
 */
import { ProtocolError, type Reader, Writer } from './buffer.js';
import { requestCodec, responseCodec } from './codec.js';
import type { AnyApi, RequestInput, RequestOf, ResponseInput, ResponseOf } from './schema.js';

const API_VERSIONS = 18;
const CONTROLLED_SHUTDOWN = 7;

export interface RequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
}

/** Prepends the size to a frame's chunks; the result is ready for `writev`. */
function sized(writer: Writer): Buffer[] {
  const size = Buffer.allocUnsafe(4);
  size.writeInt32BE(writer.length);
  return [size, ...writer.chunks()];
}

/** Encodes a request frame, as chunks for `writev`. */
export function encodeRequest<A extends AnyApi>(
  api: A,
  version: number,
  header: { correlationId: number; clientId: string | null },
  body: RequestInput<A>,
): Buffer[] {
  const w = new Writer();
  w.int16(api.key);
  w.int16(version);
  w.int32(header.correlationId);
  w.string(header.clientId);
  if (version >= api.flexible) w.uvarint(0);
  requestCodec(api, version).encode(body as never, w);
  return sized(w);
}

/** Reads a request's fixed header fields, which identify the API; `decodeRequestBody` reads the rest. */
export function decodeRequestHeader(reader: Reader): RequestHeader {
  const apiKey = reader.int16();
  const apiVersion = reader.int16();
  const correlationId = reader.int32();
  const clientId = apiKey === CONTROLLED_SHUTDOWN && apiVersion === 0 ? null : reader.nullableString();
  return { apiKey, apiVersion, correlationId, clientId };
}

/** Reads a request's header tags and body, after `decodeRequestHeader`. */
export function decodeRequestBody<A extends AnyApi>(api: A, version: number, reader: Reader): RequestOf<A> {
  if (version >= api.flexible) reader.skipTags();
  const body = requestCodec(api, version).decode(reader) as RequestOf<A>;
  if (reader.remaining > 0) throw new ProtocolError(`${reader.remaining} bytes left over in ${api.name} v${version}`);
  return body;
}

const flexibleHeader = (api: AnyApi, version: number): boolean => version >= api.flexible && api.key !== API_VERSIONS;

/** Encodes a response frame, as chunks for `writev`. */
export function encodeResponse<A extends AnyApi>(
  api: A,
  version: number,
  correlationId: number,
  body: ResponseInput<A>,
): Buffer[] {
  const w = new Writer();
  w.int32(correlationId);
  if (flexibleHeader(api, version)) w.uvarint(0);
  responseCodec(api, version).encode(body as never, w);
  return sized(w);
}

/** Reads a response's header tags and body; `reader` is positioned after the correlation id. */
export function decodeResponse<A extends AnyApi>(api: A, version: number, reader: Reader): ResponseOf<A> {
  if (flexibleHeader(api, version)) reader.skipTags();
  return responseCodec(api, version).decode(reader) as ResponseOf<A>;
}
