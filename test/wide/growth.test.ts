/**
 * Request processing time grows linearly with the size of a request: otherwise a small frame could block all clients.
 * Tests every array of every API's request, with distinct and with repeated elements.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as apis from '../../src/protocol/apis/index.js';
import { type AnyApi, type Field, type Fields, holds, type Schema, ZERO_UUID } from '../../src/protocol/wire/schema.js';
import type { Wire } from '../broker/wire.js';
import { connection, embedded, type Peer } from './authorization/peers.js';

const N = 20_000;
/** shorter times are too noisy to compare */
const NOTHING_MS = 150;
/** quadratic growth would give 4 */
const RATIO = 3;

const isSlow = (once: number, twice: number): boolean => twice > NOTHING_MS && twice / once > RATIO;

let peer: Peer;
let served: ReadonlyMap<number, readonly [number, number]>;
beforeAll(async () => {
  peer = await embedded(['auto.create.topics.enable=false']);
  const wire = await connection(peer);
  const { apiKeys } = await wire.ask(apis.apiVersions, 0, {});
  type Range = { apiKey: number; minVersion: number; maxVersion: number };
  served = new Map(apiKeys.map((k: Range) => [k.apiKey, [k.minVersion, k.maxVersion]]));
  wire.close();
});
afterAll(() => peer.stop());

const typeOf = (field: Schema | Field): Schema => ('kind' in field ? field : field.type);
const inVersion = (field: Schema | Field, version: number): boolean =>
  'kind' in field || holds(field.versions, version);

/** Paths of field names to each array in a request. */
function* lists(fields: Fields, version: number, path: readonly string[] = []): Generator<readonly string[]> {
  for (const [name, field] of Object.entries(fields)) {
    if (!inVersion(field, version)) continue;
    const type = typeOf(field);
    if (type.kind !== 'array') continue;
    yield [...path, name];
    const inner = type.item as Schema;
    if (inner.kind === 'struct') yield* lists(inner.fields as Fields, version, [...path, name]);
  }
}

const uuid = (i: number): string => {
  const bytes = Buffer.alloc(16, 7);
  bytes.writeInt32BE(i);
  return bytes.toString('base64url');
};

/** A deterministic value of a type. Numbers are derived from `i` within array elements, and zero elsewhere. */
function value(type: Schema, i: number, inList: boolean, path: readonly string[], n: number, differ: boolean): unknown {
  switch (type.kind) {
    case 'array': {
      const count = path.length === 0 ? 0 : path.length === 1 ? n : 1;
      return Array.from({ length: count }, (_, k) =>
        value(type.item as Schema, differ ? k : 0, true, path.slice(1), n, differ),
      );
    }
    case 'struct':
      return struct(type.fields as Fields, i, inList, path, n, differ);
    case 'bool':
      return true;
    case 'string':
      return inList ? `x${i}` : 'g';
    case 'uuid':
      return inList ? uuid(i) : ZERO_UUID;
    case 'bytes':
    case 'records':
      return Buffer.alloc(0);
    case 'int64':
      return BigInt(i);
    case 'int8':
      return inList ? 2 : 0;
    case 'int16':
      return 1;
    default:
      return inList ? i : 0;
  }
}
function struct(
  fields: Fields,
  i: number,
  inList: boolean,
  path: readonly string[],
  n: number,
  differ: boolean,
): object {
  const entries = Object.entries(fields).flatMap(([name, field]) => {
    const type = typeOf(field);
    const onPath = path[0] === name;
    if (!onPath && !('kind' in field) && type.kind !== 'bool' && !inList) return [];
    if (!onPath && type.kind === 'array' && path.length > 0) return [[name, []]];
    return [[name, value(type, i, inList, onPath ? path : [], n, differ)]];
  });
  return Object.fromEntries(entries);
}

async function timeOf(wire: Wire, api: AnyApi, version: number, body: object): Promise<number> {
  const since = performance.now();
  await wire.ask(api, version, body, 60_000);
  return performance.now() - since;
}

describe.each([
  ['somebody who may do everything', undefined],
  ['somebody without a right', 'nobody'],
])('requests of %s', (_label, user) => {
  test.each(Object.values(apis).map((api) => [api.name, api] as [string, AnyApi]))(
    '%s',
    async (_name, api) => {
      const range = served.get(api.key);
      if (!range || api.name.startsWith('Sasl')) return;
      const slow: string[] = [];
      let wire = await connection(peer, user);
      for (const version of new Set(range)) {
        for (const path of lists(api.request, version)) {
          for (const differ of [true, false]) {
            if (wire.closed) wire = await connection(peer, user);
            const body = (n: number) => struct(api.request, 0, false, path, n, differ);
            const time = (n: number) => timeOf(wire, api, version, body(n));
            let [once, twice] = [1, Number.POSITIVE_INFINITY];
            // retry: a single slow run could be caused by another process or garbage collection
            for (let attempt = 0; attempt < 3 && isSlow(once, twice); attempt++) {
              twice = await time(2 * N);
              if (twice > NOTHING_MS) once = await time(N);
            }
            if (!isSlow(once, twice)) continue;
            slow.push(`v${version} ${path.join('.')}${differ ? '' : ' (the same)'}: ${once | 0} ms, ${twice | 0} ms`);
          }
        }
      }
      wire.close();
      expect(slow).toEqual([]);
    },
    120_000,
  );
});
