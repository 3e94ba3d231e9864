/** `--output json`: a JSON object a line, with all there is of a record and every byte of it (schemas/record.json). */
import type { RecordCursor } from '../../../protocol/records/cursor.js';
import type { Output } from '../../shared/output.js';
import type { Formatter, RecordSource } from './formatter.js';
import { jsonField } from './json-string.js';

const CREATE_TIME = Buffer.from(',"timestampType":"CreateTime"');
const LOG_APPEND_TIME = Buffer.from(',"timestampType":"LogAppendTime"');
const TIMESTAMP = Buffer.from(',"timestamp":');
const DELIVERY_COUNT = Buffer.from(',"deliveryCount":');
const HEADERS = Buffer.from(',"headers":[');
const NO_HEADERS = Buffer.from(',"headers":[]');
const END_OF_HEADERS = Buffer.from(']');
const HEADER_KEY = Buffer.from('{"key');
const NEXT_HEADER_KEY = Buffer.from(',{"key');
const HEADER_VALUE = Buffer.from(',"value');
const END_OF_HEADER = Buffer.from('}');
const KEY = Buffer.from(',"key');
const VALUE = Buffer.from(',"value');
const END = Buffer.from('}\n');

export class JsonFormatter implements Formatter {
  #of: RecordSource['state'] | undefined;
  /** up to the offset */
  #prefix = Buffer.alloc(0);

  write(cursor: RecordCursor, fetched: RecordSource, out: Output): void {
    const { data } = cursor;
    out.all(this.#prefixOf(fetched.state));
    out.number(cursor.offset);
    out.all(TIMESTAMP);
    out.number(cursor.timestamp);
    out.all(fetched.logAppendTime ? LOG_APPEND_TIME : CREATE_TIME);
    if (fetched.deliveryCount !== undefined) {
      out.all(DELIVERY_COUNT);
      out.number(fetched.deliveryCount);
    }
    if (cursor.headerCount === 0) out.all(NO_HEADERS);
    else writeHeaders(cursor, out);
    jsonField(out, KEY, data, cursor.keyStart, cursor.keyLength);
    jsonField(out, VALUE, data, cursor.valueStart, cursor.valueLength);
    out.all(END);
  }

  #prefixOf(state: RecordSource['state']): Buffer {
    if (state !== this.#of) {
      this.#of = state;
      this.#prefix = Buffer.from(`{"topic":${JSON.stringify(state.topic)},"partition":${state.partition},"offset":`);
    }
    return this.#prefix;
  }
}

function writeHeaders(cursor: RecordCursor, out: Output): void {
  const { data } = cursor;
  out.all(HEADERS);
  for (let first = true; cursor.nextHeader(); first = false) {
    jsonField(out, first ? HEADER_KEY : NEXT_HEADER_KEY, data, cursor.headerKeyStart, cursor.headerKeyLength);
    jsonField(out, HEADER_VALUE, data, cursor.headerValueStart, cursor.headerValueLength);
    out.all(END_OF_HEADER);
  }
  out.all(END_OF_HEADERS);
}
