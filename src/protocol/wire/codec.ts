/**
 * Compiles a struct of the protocol table, for one version, into a straight-line encoder and decoder. Compiled on first
 * use and cached; the generated code has no loop over fields and no version checks.
 */
import { ProtocolError, Reader, Writer } from './buffer.js';
import {
  type Api,
  type Decoded,
  type Encodable,
  type Field,
  type Fields,
  holds,
  type Message,
  type Schema,
} from './schema.js';

// biome-ignore lint/suspicious/noExplicitAny: an encoder whose type does not matter
export type Encode<In = any> = (value: In, writer: Writer) => void;
// biome-ignore lint/suspicious/noExplicitAny: a decoder whose type does not matter
export type Decode<Out = any> = (reader: Reader) => Out;
interface Codec {
  encode: Encode;
  decode: Decode;
}

/** The environment of generated code: helpers and the constants used as field defaults. */
interface Scope {
  version: number;
  flexible: boolean;
  constants: unknown[];
  names: number;
}

const asField = (f: Schema | Field): Field => ('kind' in f ? { type: f, versions: '0+', default: undefined } : f);
const constant = (scope: Scope, value: unknown): string => {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value) && value.length === 0) return '[]';
  // emitted as a literal, so that decoded values do not share the object
  if (isPlain(value)) return `({${Object.entries(value).map(([k, v]) => `${k}:${constant(scope, v)}`)}})`;
  return `C[${scope.constants.push(value) - 1}]`;
};
const isNullable = (type: Schema, scope: Scope): boolean => !!type.nullable && holds(type.nullable, scope.version);
const cap = (s: string): string => s[0]?.toUpperCase() + s.slice(1);

/** `tagged`: directly in a tagged field, where a struct's presence is a varint, not a byte. */
function encodeType(type: Schema, v: string, scope: Scope, tagged = false): string {
  switch (type.kind) {
    case 'string':
    case 'bytes':
    case 'records': {
      const call = `w.${scope.flexible ? `compact${cap(type.kind)}` : type.kind}`;
      return isNullable(type, scope) ? `${call}(${v});` : `${call}(N(${v}));`;
    }
    case 'array': {
      const [list, item] = [`a${scope.names}`, `i${scope.names++}`];
      const size = scope.flexible ? `w.uvarint(${list}.length+1)` : `w.int32(${list}.length)`;
      const none = isNullable(type, scope) ? (scope.flexible ? 'w.uvarint(0)' : 'w.int32(-1)') : `N(${list})`;
      return `const ${list}=${v};if(${list}===null)${none};else{${size};for(const ${item} of ${list}){${encodeType(type.item as Schema, item, scope)}}}`;
    }
    case 'struct': {
      if (!isNullable(type, scope)) return encodeFields(type.fields as Fields, v, scope);
      const [none, some] = tagged ? ['w.uvarint(0)', 'w.uvarint(1)'] : ['w.int8(-1)', 'w.int8(1)'];
      return `if(${v}===null)${none};else{${some};${encodeFields(type.fields as Fields, v, scope)}}`;
    }
    default:
      return `w.${type.kind}(${v});`;
  }
}

function encodeFields(fields: Fields, v: string, scope: Scope): string {
  let code = '';
  const tags: [number, string][] = [];
  for (const [name, raw] of Object.entries(fields)) {
    const f = asField(raw);
    if (!holds(f.versions, scope.version)) continue;
    const x = `f${scope.names++}`;
    const read =
      f.default === undefined ? `${v}.${name}` : `${v}.${name}===undefined?${constant(scope, f.default)}:${v}.${name}`;
    if (f.tag === undefined) {
      code += `{const ${x}=${read};${encodeType(f.type, x, scope)}}`;
    } else {
      const body = `((w)=>{${encodeType(f.type, x, scope, true)}})`;
      tags.push([f.tag, `const ${x}=${read};if(!D(${x},${constant(scope, f.default)}))t.push(T(${f.tag},${body}));`]);
    }
  }
  if (!scope.flexible) return code;
  if (tags.length === 0) return `${code}w.uvarint(0);`;
  tags.sort((a, b) => a[0] - b[0]);
  return `${code}{const t=[];${tags.map(([, c]) => c).join('')}w.uvarint(t.length);for(const [n,b] of t){w.uvarint(n);w.uvarint(b.length);w.append(b);}}`;
}

function decodeType(type: Schema, scope: Scope, tagged = false): string {
  switch (type.kind) {
    case 'string':
    case 'bytes':
    case 'records': {
      const base = type.kind === 'records' ? 'Bytes' : cap(type.kind);
      const name = `${scope.flexible ? 'compact' : ''}${isNullable(type, scope) ? 'Nullable' : ''}${base}`;
      return `r.${name[0]?.toLowerCase()}${name.slice(1)}()`;
    }
    case 'array':
      return `A(r,${scope.flexible},${isNullable(type, scope)},(r)=>${decodeType(type.item as Schema, scope)})`;
    case 'struct': {
      const make = decodeFields(type.fields as Fields, scope);
      if (!isNullable(type, scope)) return make;
      return tagged ? `(r.uvarint()===0?null:${make})` : `(r.int8()<0?null:${make})`;
    }
    default:
      return `r.${type.kind}()`;
  }
}

function decodeFields(fields: Fields, scope: Scope): string {
  const object: string[] = [];
  const tags: string[] = [];
  for (const [name, raw] of Object.entries(fields)) {
    const f = asField(raw);
    if (!holds(f.versions, scope.version) || f.tag !== undefined) {
      object.push(`${name}:${constant(scope, f.default)}`);
      if (f.tag !== undefined && holds(f.versions, scope.version)) {
        tags.push(`case ${f.tag}:o.${name}=${decodeType(f.type, scope, true)};break;`);
      }
    } else object.push(`${name}:${decodeType(f.type, scope)}`);
  }
  const literal = `({${object.join(',')}})`;
  if (!scope.flexible) return literal;
  if (tags.length === 0) return `S(r,${literal})`;
  return `G(r,${literal},(r,o,tag)=>{switch(tag){${tags.join('')}default:return false;}return true;})`;
}

const helpers = {
  N: (v: unknown) => {
    if (v === null || v === undefined) throw new TypeError('null in a field that is not nullable');
    return v;
  },
  /** whether a value equals a tagged field's default */
  D: (v: unknown, def: unknown): boolean =>
    v === def ||
    (Array.isArray(v) && Array.isArray(def) && v.length === 0 && def.length === 0) ||
    (Buffer.isBuffer(v) && Buffer.isBuffer(def) && v.equals(def)) ||
    (isPlain(v) && isPlain(def) && Object.keys(def).every((k) => v[k] === undefined || helpers.D(v[k], def[k]))),
  T: (tag: number, body: (w: Writer) => void): [number, Writer] => {
    const w = new Writer(32);
    body(w);
    return [tag, w];
  },
  A: <T>(r: Reader, compact: boolean, canBeNull: boolean, item: (r: Reader) => T): T[] | null => {
    const n = r.count(compact);
    if (n < 0) {
      if (canBeNull) return null;
      throw new ProtocolError('null where an array must be');
    }
    const out: T[] = [];
    for (let i = 0; i < n; i++) out.push(item(r));
    return out;
  },
  S: <T>(r: Reader, object: T): T => {
    r.skipTags();
    return object;
  },
  G: <T>(r: Reader, object: T, read: (r: Reader, object: T, tag: number) => boolean): T => {
    for (let n = r.uvarint(); n > 0; n--) {
      const tag = r.uvarint();
      const size = r.uvarint();
      const at = r.take(size);
      const inner = new Reader(r.buf, at, at + size);
      inner.elements = r.elements;
      if (read(inner, object, tag) && inner.remaining > 0)
        throw new ProtocolError(`${inner.remaining} bytes left over in tag ${tag}`);
      r.elements = inner.elements;
    }
    return object;
  },
};
const isPlain = (v: unknown): v is Record<string, unknown> =>
  typeof v === 'object' && v !== null && !Array.isArray(v) && !Buffer.isBuffer(v);

function compile(fields: Fields, version: number, flexible: boolean): Codec {
  const scope: Scope = { version, flexible, constants: [], names: 0 };
  const encode = encodeFields(fields, 'v', scope);
  const decode = decodeFields(fields, scope);
  const source = `"use strict";const {N,D,T,A,S,G}=H;return{encode(v,w){${encode}},decode(r){return ${decode};}};`;
  return new Function('H', 'C', source)(helpers, scope.constants) as Codec;
}

const cache = new WeakMap<Fields, (Codec | undefined)[]>();

/** The codec of a struct for one version; compiled once. */
export function codec<F extends Fields>(
  fields: F,
  version: number,
  flexible: boolean,
): { encode: Encode<Encodable<F>>; decode: Decode<Decoded<F>> } {
  let byVersion = cache.get(fields);
  if (!byVersion) cache.set(fields, (byVersion = []));
  return (byVersion[version] ??= compile(fields, version, flexible));
}

/** The codec of a request body. */
export const requestCodec = <Q extends Fields>(api: Api<Q>, version: number) =>
  codec(api.request, version, version >= api.flexible);
/** The codec of a response body. */
export const responseCodec = <R extends Fields>(api: Api<Fields, R>, version: number) =>
  codec(api.response, version, version >= api.flexible);

/** Encodes a log record or a consumer protocol message, without its leading version. */
export function encodeMessage<F extends Fields>(message: Message<F>, version: number, value: Encodable<F>): Buffer {
  const writer = new Writer();
  codec(message.fields, version, version >= message.flexible).encode(value, writer);
  return writer.toBuffer();
}

/** Decodes a message of `encodeMessage`; `reader` is positioned after the version. */
export function decodeMessage<F extends Fields>(message: Message<F>, version: number, reader: Reader): Decoded<F> {
  const [low, high] = message.versions;
  if (version < low || version > high) {
    throw new ProtocolError(`${message.name} version ${version} is not one of ${low} to ${high}`);
  }
  return codec(message.fields, version, version >= message.flexible).decode(reader);
}
