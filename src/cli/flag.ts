/** A flag as data: the equivalent of JOpt Simple's option builder. */

interface Traits {
  /** default: required */
  readonly argument?: 'required' | 'optional';
  /** other names of the same flag */
  readonly aliases?: readonly string[];
  /** several values in one argument, split at this character */
  readonly separator?: string;
  /** JOpt Simple's own required(): marked `*` in the table */
  readonly required?: boolean;
  /** only allowed together with at least one of these */
  readonly availableIf?: readonly string[];
  /** taken, but not in the Java tool's table: what Kafka 3.7 had */
  readonly hidden?: boolean;
  /** no flag of the Java tool: `--help` lists it after the Java tool's, and no other message does */
  readonly own?: boolean;
  /** the type's name in --help where Java's is not String, Integer, Long, Double, Boolean */
  readonly typeName?: string;
  /** further validation; throw `new Error(reason)` to reject the value */
  readonly check?: (text: string) => void;
  /** completion candidates: fixed words, or what to look up live */
  readonly completes?: 'topic' | 'group' | 'file' | readonly string[];
}

/** A flag with values of type T and default D. */
export interface Flag<T, D extends T | undefined = undefined> extends Omit<Traits, 'argument'> {
  readonly argument: 'none' | 'required' | 'optional';
  readonly type: 'switch' | 'string' | 'int' | 'long' | 'double' | 'boolean';
  /** as the Java tool prints it: `<String: placeholder>` */
  readonly placeholder?: string;
  readonly description: string;
  readonly default?: D;
  /** never set: carries T */
  readonly of?: T;
}
// biome-ignore lint/suspicious/noExplicitAny: Flag is invariant in its types, so no narrower type accepts every flag
export type AnyFlag = Flag<any, any>;

type Extra<D> = Traits & { default?: D };

function valued<T>(type: AnyFlag['type']) {
  return <D extends T | undefined = undefined>(
    placeholder: string | undefined,
    description: string,
    extra: Extra<D> = {},
  ): Flag<T, D> => ({ type, argument: 'required', description, ...(placeholder ? { placeholder } : {}), ...extra });
}

export const flag = {
  switch: (description: string, extra: Traits = {}): Flag<true> => ({
    ...extra,
    type: 'switch',
    argument: 'none',
    description,
  }),
  string: valued<string>('string'),
  int: valued<number>('int'),
  long: valued<bigint>('long'),
  double: valued<number>('double'),
  boolean: valued<boolean>('boolean'),
};
