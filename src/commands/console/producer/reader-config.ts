import { javaRegex } from '../../../java/regex.js';

/** How lines become records. Mirrors tools/LineMessageReader. */
export interface ReaderConfig {
  readonly parseKey: boolean;
  readonly parseHeaders: boolean;
  readonly ignoreError: boolean;
  readonly keySeparator: Buffer;
  readonly headersDelimiter: Buffer;
  /** bytes between headers, or the Java pattern where it is more than plain text */
  readonly headersSeparator: Buffer | RegExp;
  readonly headersKeySeparator: Buffer;
  readonly nullMarker: Buffer | null;
}

/** Java's org.apache.kafka.common.KafkaException, which is how its reader says what is wrong. */
export class ReaderError extends Error {
  override readonly name = 'ReaderError';
}

const isTrue = (text: string | undefined) => text?.trim().toLowerCase() === 'true';
const different = (a: [string, string | undefined], b: [string, string]) => {
  if (a[1] === b[1]) throw new ReaderError(`${a[0]} and ${b[0]} may not be equal`);
};

/** Throws ReaderError for separators that cannot be told apart, SyntaxError for a pattern that is none. */
export function readerConfig(properties: ReadonlyMap<string, string>): ReaderConfig {
  const of = (name: string, fallback: string): [string, string] => [name, properties.get(name) ?? fallback];
  const key = of('key.separator', '\t');
  const delimiter = of('headers.delimiter', '\t');
  const separator = of('headers.separator', ',');
  const pair = of('headers.key.separator', ':');
  const marker: [string, string | undefined] = ['null.marker', properties.get('null.marker')];
  different(delimiter, separator);
  different(delimiter, pair);
  different(separator, pair);
  for (const other of [key, separator, delimiter, pair]) different(marker, other);
  const isPlain = !/[\\^$.*+?()[\]{}|]/.test(separator[1]) && separator[1] !== '';
  return {
    parseKey: isTrue(properties.get('parse.key')),
    parseHeaders: isTrue(properties.get('parse.headers')),
    ignoreError: isTrue(properties.get('ignore.error')),
    keySeparator: Buffer.from(key[1]),
    headersDelimiter: Buffer.from(delimiter[1]),
    headersSeparator: isPlain ? Buffer.from(separator[1]) : javaRegex(separator[1], { global: true }),
    headersKeySeparator: Buffer.from(pair[1]),
    nullMarker: marker[1] === undefined ? null : Buffer.from(marker[1]),
  };
}
