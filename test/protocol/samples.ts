/** Sample values for every message of the table, generated from its schema with a seed. */
import * as apis from '../../src/protocol/apis/index.js';
import * as consumerProtocol from '../../src/protocol/messages/consumer-protocol.js';
import * as controlRecords from '../../src/protocol/messages/control-records.js';
import * as groupRecords from '../../src/protocol/messages/group-records.js';
import * as metadataRecords from '../../src/protocol/messages/metadata-records.js';
import * as shareRecords from '../../src/protocol/messages/share-records.js';
import * as txnRecords from '../../src/protocol/messages/txn-records.js';
import { type Api, type Fields, holds, type Message, type Schema } from '../../src/protocol/wire/schema.js';

export type Random = () => number;

/** mulberry32, a small deterministic generator. */
export function random(seed: number): Random {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** full: every field differs from its default. nulls: null wherever it is allowed. empty: all arrays are empty. */
export type Fill = 'full' | 'nulls' | 'empty';

const int = (r: Random, low: number, high: number): number => low + Math.floor(r() * (high - low + 1));
const text = (r: Random): string =>
  Array.from({ length: int(r, 1, 9) }, () => 'aZ9-_.ü€😀'.charAt(int(r, 0, 7))).join('');

function sampleType(type: Schema, version: number, fill: Fill, r: Random): unknown {
  if (fill === 'nulls' && type.nullable && holds(type.nullable, version)) return null;
  const empty = fill === 'empty';
  switch (type.kind) {
    case 'bool':
      return true;
    case 'int8':
      return int(r, -128, 127) || 1;
    case 'int16':
      return int(r, -32768, 32767) || 1;
    case 'uint16':
      return int(r, 1, 65535);
    case 'int32':
      return int(r, -2147483648, 2147483647) || 1;
    case 'uint32':
      return int(r, 1, 4294967295);
    case 'int64':
      return BigInt.asIntN(64, (BigInt(int(r, 0, 2 ** 32 - 1)) << 32n) | BigInt(int(r, 1, 2 ** 32 - 1)));
    case 'float64':
      return r() * 1e9 + 0.5;
    case 'uuid':
      return Buffer.from(Array.from({ length: 16 }, () => int(r, 1, 255))).toString('base64url');
    case 'string':
      return empty ? '' : text(r);
    case 'bytes':
    case 'records':
      return Buffer.from(empty ? '' : text(r));
    case 'array':
      return empty ? [] : Array.from({ length: int(r, 1, 2) }, () => sampleType(type.item as Schema, version, fill, r));
    case 'struct':
      return sample(type.fields as Fields, version, fill, r);
  }
}

/** A value of a struct: fields of its version are filled, others have their default. */
export function sample(fields: Fields, version: number, fill: Fill, r: Random): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    if ('kind' in field) value[name] = sampleType(field, version, fill, r);
    else if (holds(field.versions, version)) value[name] = sampleType(field.type, version, fill, r);
    else value[name] = field.default;
  }
  return value;
}

/** A message body in one version. */
export interface Body {
  readonly title: string;
  readonly fields: Fields;
  readonly version: number;
  readonly flexible: boolean;
}

function* versionsOf(title: string, fields: Fields, [low, high]: readonly [number, number], flexible: number) {
  for (let version = low; version <= high; version++) {
    yield { title: `${title} v${version}`, fields, version, flexible: version >= flexible } satisfies Body;
  }
}

export const allApis = Object.values(apis) as unknown as Api<any, any>[];

/** All message bodies: requests, responses, log records and the consumer protocol. */
export function* bodies(): Generator<Body> {
  for (const api of allApis) {
    yield* versionsOf(`${api.name} request`, api.request, api.versions, api.flexible);
    yield* versionsOf(`${api.name} response`, api.response, api.versions, api.flexible);
  }
  for (const room of [metadataRecords, groupRecords, shareRecords, txnRecords, controlRecords, consumerProtocol]) {
    for (const m of Object.values(room) as unknown[] as Message[]) {
      if (typeof m === 'object' && 'fields' in m) yield* versionsOf(m.name, m.fields, m.versions, m.flexible);
    }
  }
}
