/**
 * The schema language of the protocol table. A message is a struct of named fields, each with a type and, if it is not in
 * all versions, a version range. `codec.ts` compiles it, for one version, into a straight-line encoder and decoder;
 * TypeScript infers the message's type from it.
 *
 * int64 is `bigint`; a uuid is a string of 22 base64url characters, as Kafka prints it; bytes and records are Buffers.
 */

export type Kind =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'float64'
  | 'uuid'
  | 'string'
  | 'bytes'
  | 'records'
  | 'array'
  | 'struct';

declare const OUT: unique symbol;
declare const IN: unique symbol;

/** A protocol type. `Out` is what a decoder returns, `In` what an encoder accepts. */
// biome-ignore lint/suspicious/noExplicitAny: a schema whose type does not matter
export interface Schema<Out = any, In = Out> {
  readonly kind: Kind;
  /** versions in which the field is nullable; absent: none */
  readonly nullable?: string;
  readonly item?: Schema;
  readonly fields?: Fields;
  readonly [OUT]?: Out;
  readonly [IN]?: In;
}

/** A field that is not in every version, or that has a default: optional in an encoder's input. */
// biome-ignore lint/suspicious/noExplicitAny: a field whose type does not matter
export interface Field<Out = any, In = Out> {
  readonly type: Schema;
  /** "6+", "0-14" or "3" */
  readonly versions: string;
  /** its tag in flexible versions */
  readonly tag?: number;
  /** the value if it is absent */
  readonly default: unknown;
  readonly [OUT]?: Out;
  readonly [IN]?: In;
}

export type Fields = Readonly<Record<string, Schema | Field>>;

type OutOf<T> = T extends Schema<infer O, unknown> ? O : T extends Field<infer O, unknown> ? O : never;
type InOf<T> = T extends Schema<unknown, infer I> ? I : T extends Field<unknown, infer I> ? I : never;
type OptionalKeys<F> = { [K in keyof F]: F[K] extends Schema ? never : K }[keyof F];

/** The type that a decoder returns. */
export type Decoded<F extends Fields> = { -readonly [K in keyof F]: OutOf<F[K]> };
/** The type that an encoder accepts: fields with a default are optional. */
export type Encodable<F extends Fields> = { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: InOf<F[K]> } & {
  readonly [K in OptionalKeys<F>]?: InOf<F[K]>;
};

const primitive = <T>(kind: Kind): Schema<T> => ({ kind });

export const bool = primitive<boolean>('bool');
export const int8 = primitive<number>('int8');
export const int16 = primitive<number>('int16');
export const uint16 = primitive<number>('uint16');
export const int32 = primitive<number>('int32');
export const uint32 = primitive<number>('uint32');
export const int64 = primitive<bigint>('int64');
export const float64 = primitive<number>('float64');
export const uuid = primitive<string>('uuid');
export const string = primitive<string>('string');
export const bytes = primitive<Buffer>('bytes');
/** Record batches. An encoder also accepts a list of chunks, so that Fetch does not have to concatenate them. */
export const records = primitive<Buffer>('records') as Schema<Buffer, Buffer | readonly Buffer[]>;

export const array = <O, I>(item: Schema<O, I>): Schema<O[], readonly I[]> => ({ kind: 'array', item });
export const struct = <const F extends Fields>(fields: F): Schema<Decoded<F>, Encodable<F>> => ({
  kind: 'struct',
  fields,
});

/** Makes a type nullable, in all versions or in the given ones. */
export const nullable = <O, I>(type: Schema<O, I>, versions = '0+'): Schema<O | null, I | null> => ({
  ...(type as Schema),
  nullable: versions,
});

/** A field of some versions only. `value`: its default, else the type's implicit default. */
export const since = <O, I>(versions: string, type: Schema<O, I>, value?: I): Field<O, I> => ({
  type: type as Schema,
  versions,
  default: value === undefined ? zero(type) : value,
});
/** A field of all versions that is optional in an encoder's input. */
export const optional = <O, I>(type: Schema<O, I>, value?: I): Field<O, I> => since('0+', type, value);
/** A tagged field: only sent if it differs from its default. */
export const tagged = <O, I>(tag: number, versions: string, type: Schema<O, I>, value?: I): Field<O, I> => ({
  ...since(versions, type, value),
  tag,
});

export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';

/** The implicit default of a type: null only if a definition says so. */
export function zero(type: Schema): unknown {
  switch (type.kind) {
    case 'bool':
      return false;
    case 'int64':
      return 0n;
    case 'uuid':
      return ZERO_UUID;
    case 'string':
      return '';
    case 'bytes':
    case 'records':
      return Buffer.alloc(0);
    case 'array':
      return [];
    case 'struct':
      return Object.fromEntries(
        Object.entries(type.fields ?? {}).map(([name, f]) => [name, 'kind' in f ? zero(f) : f.default]),
      );
    default:
      return 0;
  }
}

/** Parses a version range: "6+" is [6, 32767]. */
export function range(versions: string): readonly [number, number] {
  const [low, high] = versions.split('-');
  if (versions.endsWith('+')) return [Number(versions.slice(0, -1)), 32767];
  return [Number(low), Number(high ?? low)];
}

/** Whether a version range contains a version. */
export function holds(versions: string, version: number): boolean {
  const [low, high] = range(versions);
  return version >= low && version <= high;
}

/** A request and its response. */
export interface Api<Q extends Fields = Fields, R extends Fields = Fields> {
  readonly key: number;
  readonly name: string;
  /** first and last version that Kafka 4.4.0 supports */
  readonly versions: readonly [number, number];
  /** first flexible version; Infinity: none */
  readonly flexible: number;
  readonly request: Q;
  readonly response: R;
}

/** Any API: a type constraint that `RequestOf` and the like can infer from. */
// biome-ignore lint/suspicious/noExplicitAny: Api is invariant in its fields, so no narrower type accepts every API
export type AnyApi = Api<any, any>;

export type RequestOf<A> = A extends Api<infer Q, Fields> ? Decoded<Q> : never;
export type RequestInput<A> = A extends Api<infer Q, Fields> ? Encodable<Q> : never;
export type ResponseOf<A> = A extends Api<Fields, infer R> ? Decoded<R> : never;
export type ResponseInput<A> = A extends Api<Fields, infer R> ? Encodable<R> : never;

export const api = <const Q extends Fields, const R extends Fields>(definition: Api<Q, R>): Api<Q, R> => definition;

/** A versioned message that is not a request: a log record's key or value, a consumer protocol message. */
export interface Message<F extends Fields = Fields> {
  /** its record type or api key, if any */
  readonly key?: number;
  readonly name: string;
  readonly versions: readonly [number, number];
  readonly flexible: number;
  readonly fields: F;
}
/** Any message. */
// biome-ignore lint/suspicious/noExplicitAny: Message is invariant in its fields, so no narrower type accepts every message
export type AnyMessage = Message<any>;
export type MessageOf<M> = M extends Message<infer F> ? Decoded<F> : never;
export type MessageInput<M> = M extends Message<infer F> ? Encodable<F> : never;

export const message = <const F extends Fields>(definition: Message<F>): Message<F> => definition;
