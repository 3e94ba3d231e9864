/** Checks values against JSON Schemas, of the keywords that ours use; any other keyword is an error. */

type Schema = Readonly<Record<string, unknown>>;
type Check = (value: unknown, of: never, schema: Schema, root: Schema) => string[];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isSafeInteger(value) ? 'integer' : typeof value;

const NOTES = ['$schema', '$id', '$defs', 'title', 'description', 'contentEncoding'];

const CHECKS: Readonly<Record<string, Check>> = {
  type: (value, of: string | string[]) => ([of].flat().includes(typeOf(value)) ? [] : [`is no ${of}`]),
  enum: (value, of: unknown[]) => (of.includes(value) ? [] : [`is none of ${of}`]),
  minimum: (value, of: number) => (Number(value) >= of ? [] : [`is below ${of}`]),
  maximum: (value, of: number) => (Number(value) <= of ? [] : [`is above ${of}`]),
  pattern: (value, of: string) => (new RegExp(of, 'u').test(String(value)) ? [] : [`does not match ${of}`]),
  required: (value, of: string[]) => of.filter((name) => !(name in (value as object))).map((name) => `has no ${name}`),
  properties: (value, of: Record<string, Schema>, _, root) =>
    Object.entries(value as object).flatMap(([name, item]) =>
      of[name] ? violations(item, of[name], root).map((what) => `${name} ${what}`) : [],
    ),
  additionalProperties: (value, _of: false, { properties }) =>
    Object.keys(value as object)
      .filter((name) => !(name in (properties as object)))
      .map((name) => `may not have ${name}`),
  items: (value, of: Schema, _, root) => (value as unknown[]).flatMap((item) => violations(item, of, root)),
  allOf: (value, of: Schema[], _, root) => of.flatMap((one) => violations(value, one, root)),
  oneOf: (value, of: Schema[], _, root) => {
    const fits = of.filter((one) => violations(value, one, root).length === 0).length;
    return fits === 1 ? [] : [`fits ${fits} of ${JSON.stringify(of)}`];
  },
  $ref: (value, of: string, _, root) => {
    const found = of
      .replace('#/', '')
      .split('/')
      .reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), root);
    if (!isObject(found)) throw new Error(`${of} names nothing`);
    return violations(value, found, root);
  },
};

/** What is wrong with a value; empty when it fits. */
export function violations(value: unknown, schema: Schema, root: Schema = schema): string[] {
  return Object.entries(schema).flatMap(([keyword, of]) => {
    if (NOTES.includes(keyword)) return [];
    const check = CHECKS[keyword];
    if (!check) throw new Error(`unknown keyword ${keyword}`);
    return check(value, of as never, schema, root);
  });
}
