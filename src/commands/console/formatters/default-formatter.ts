/** One line a message: time, partition, offset, delivery, epoch, headers, key, value. Mirrors tools/consumer/DefaultMessageFormatter. */
import { javaText } from '../../../java/exceptions.js';
import type { RecordCursor } from '../../../protocol/records/cursor.js';
import type { Output } from '../../shared/output.js';
import { type Deserialize, deserializer, stringDeserializer } from './deserializers.js';
import type { Formatter, FormatterOptions, RecordSource } from './formatter.js';

const COLON = Buffer.from(':');
const CREATE_TIME = Buffer.from('CreateTime:');
const LOG_APPEND_TIME = Buffer.from('LogAppendTime:');
const PARTITION = Buffer.from('Partition:');
const OFFSET = Buffer.from('Offset:');
const DELIVERY = Buffer.from('Delivery:');
const NOT_PRESENT = Buffer.from('NOT_PRESENT');
const EPOCH = Buffer.from('Epoch:NOT_PRESENT');
const NO_HEADERS = Buffer.from('NO_HEADERS');
const LOGGER = 'org.apache.kafka.tools.consumer.DefaultMessageFormatter';

/**
 * The deserializer that a property names; none, and a log event, where it cannot be had. Its own settings are those that
 * begin with the property's name: `key.deserializer.deserializer.encoding`.
 */
function readerOf(
  name: string,
  properties: FormatterOptions['properties'],
  log: FormatterOptions['log'],
): Deserialize | undefined {
  const className = properties.get(name);
  if (className === undefined) return undefined;
  const failed = (why: string) =>
    log('ERROR', `Unable to instantiate a deserializer from ${className}: ${why}`, LOGGER);
  const of = name === 'key.deserializer' ? 'key' : 'value';
  const encoding =
    properties.get(`${name}.${of}.deserializer.encoding`) ?? properties.get(`${name}.deserializer.encoding`);
  try {
    if (encoding !== undefined && className.endsWith('.StringDeserializer')) return stringDeserializer(encoding);
  } catch (error) {
    failed(javaText(error));
    return undefined;
  }
  const found = deserializer(className);
  if (!found) failed(`java.lang.ClassNotFoundException: ${className}`);
  return found;
}

export class DefaultFormatter implements Formatter {
  readonly plain?: { readonly separator: Buffer; readonly nullLiteral: Buffer };
  readonly #print: Readonly<
    Record<'timestamp' | 'partition' | 'offset' | 'delivery' | 'epoch' | 'headers' | 'key' | 'value', boolean>
  >;
  readonly #keySeparator: Buffer;
  readonly #lineSeparator: Buffer;
  readonly #headersSeparator: Buffer;
  readonly #nullLiteral: Buffer;
  readonly #key: Deserialize | undefined;
  readonly #value: Deserialize | undefined;
  readonly #headers: Deserialize | undefined;

  constructor({ properties, log }: FormatterOptions) {
    const on = (name: string, fallback = false) =>
      properties.has(name) ? properties.get(name)?.trim().toLowerCase() === 'true' : fallback;
    const bytes = (name: string, fallback: string) => Buffer.from(properties.get(name) ?? fallback);
    const reader = (name: string) => readerOf(name, properties, log);
    this.#print = {
      timestamp: on('print.timestamp'),
      partition: on('print.partition'),
      offset: on('print.offset'),
      delivery: on('print.delivery'),
      epoch: on('print.epoch'),
      headers: on('print.headers'),
      key: on('print.key'),
      value: on('print.value', true),
    };
    this.#keySeparator = bytes('key.separator', '\t');
    this.#lineSeparator = bytes('line.separator', '\n');
    this.#headersSeparator = bytes('headers.separator', ',');
    this.#nullLiteral = bytes('null.literal', 'null');
    this.#key = reader('key.deserializer');
    this.#value = reader('value.deserializer');
    this.#headers = reader('headers.deserializer');
    const { value, ...others } = this.#print;
    if (value && !this.#value && !Object.values(others).includes(true)) {
      this.plain = { separator: this.#lineSeparator, nullLiteral: this.#nullLiteral };
    }
  }

  write(cursor: RecordCursor, fetched: RecordSource, out: Output): void {
    const { timestamp, partition, offset, delivery, epoch, headers, key, value } = this.#print;
    if (timestamp) {
      out.all(fetched.logAppendTime ? LOG_APPEND_TIME : CREATE_TIME);
      out.number(cursor.timestamp);
      out.all(
        partition || offset || delivery || epoch || headers || key || value ? this.#keySeparator : this.#lineSeparator,
      );
    }
    if (partition) {
      out.all(PARTITION);
      out.number(fetched.state.partition);
      out.all(offset || delivery || epoch || headers || key || value ? this.#keySeparator : this.#lineSeparator);
    }
    if (offset) {
      out.all(OFFSET);
      out.number(cursor.offset);
      out.all(delivery || epoch || headers || key || value ? this.#keySeparator : this.#lineSeparator);
    }
    if (delivery) {
      out.all(DELIVERY);
      if (fetched.deliveryCount === undefined) out.all(NOT_PRESENT);
      else out.number(fetched.deliveryCount);
      out.all(epoch || headers || key || value ? this.#keySeparator : this.#lineSeparator);
    }
    if (epoch) {
      out.all(EPOCH);
      out.all(headers || key || value ? this.#keySeparator : this.#lineSeparator);
    }
    if (headers) {
      this.#writeHeaders(cursor, out);
      out.all(key || value ? this.#keySeparator : this.#lineSeparator);
    }
    if (key) {
      this.#field(cursor.data, cursor.keyStart, cursor.keyLength, this.#key, out);
      out.all(value ? this.#keySeparator : this.#lineSeparator);
    }
    if (value) {
      this.#field(cursor.data, cursor.valueStart, cursor.valueLength, this.#value, out);
      out.all(this.#lineSeparator);
    }
  }

  #writeHeaders(cursor: RecordCursor, out: Output): void {
    if (cursor.headerCount === 0) return out.all(NO_HEADERS);
    const { data } = cursor;
    for (let first = true; cursor.nextHeader(); first = false) {
      if (!first) out.all(this.#headersSeparator);
      out.bytes(data, cursor.headerKeyStart, cursor.headerKeyStart + cursor.headerKeyLength);
      out.all(COLON);
      this.#field(data, cursor.headerValueStart, cursor.headerValueLength, this.#headers, out);
    }
  }

  /** A null goes through the deserializer as the literal, as in Java. */
  #field(data: Buffer, start: number, length: number, read: Deserialize | undefined, out: Output): void {
    if (!read) {
      if (length < 0) out.all(this.#nullLiteral);
      else out.bytes(data, start, start + length);
      return;
    }
    const text = read(length < 0 ? this.#nullLiteral : data.subarray(start, start + length));
    if (typeof text === 'string') out.text(text);
    else out.all(text);
  }
}
