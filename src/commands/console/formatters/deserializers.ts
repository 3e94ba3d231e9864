/** Deserializers by their Java class: bytes to what Java's toString() of the value prints. */
import { formatDouble, formatFloat } from '../../../java/double.js';
import { JavaError } from '../../../java/exceptions.js';

/** Throws JavaError for bytes that are not such a value. */
export type Deserialize = (bytes: Buffer) => string | Buffer;

const PACKAGE = 'org.apache.kafka.common.serialization.';

const refuse = (message: string): never => {
  throw new JavaError('org.apache.kafka.common.errors.SerializationException', message);
};

function sized(size: number, who: string, read: (bytes: Buffer) => string): Deserialize {
  return (bytes) => (bytes.length === size ? read(bytes) : refuse(`Size of data received by ${who} is not ${size}`));
}

const UUID = /^([0-9a-f]{1,8})-([0-9a-f]{1,4})-([0-9a-f]{1,4})-([0-9a-f]{1,4})-([0-9a-f]{1,12})$/i;

function uuid(bytes: Buffer): string {
  const parts = UUID.exec(bytes.toString());
  if (!parts) return refuse('Error parsing data into UUID');
  return [8, 4, 4, 4, 12].map((width, i) => (parts[i + 1] as string).toLowerCase().padStart(width, '0')).join('-');
}

function boolean(bytes: Buffer): string {
  if (bytes.length !== 1) return refuse('Size of data received by BooleanDeserializer is not 1');
  if (bytes[0] === 1) return 'true';
  return bytes[0] === 0 ? 'false' : refuse(`Unexpected byte received by BooleanDeserializer: ${bytes.readInt8(0)}`);
}

/** Printable ASCII as it is, the rest as \xHH: org.apache.kafka.common.utils.Bytes. */
function escaped(bytes: Buffer): string {
  let text = '';
  for (const byte of bytes) {
    const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x5c;
    text += plain ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}

const identity = () => `[B@${Math.floor(Math.random() * 0x7fffffff).toString(16)}`;

const BY_NAME: Readonly<Record<string, Deserialize>> = {
  // invalid UTF-8 becomes U+FFFD, as in Java
  StringDeserializer: (bytes) => bytes.toString('utf8'),
  IntegerDeserializer: sized(4, 'IntegerDeserializer', (bytes) => String(bytes.readInt32BE(0))),
  LongDeserializer: sized(8, 'LongDeserializer', (bytes) => String(bytes.readBigInt64BE(0))),
  ShortDeserializer: sized(2, 'ShortDeserializer', (bytes) => String(bytes.readInt16BE(0))),
  FloatDeserializer: sized(4, 'Deserializer', (bytes) => formatFloat(bytes.readFloatBE(0))),
  DoubleDeserializer: sized(8, 'Deserializer', (bytes) => formatDouble(bytes.readDoubleBE(0))),
  BooleanDeserializer: boolean,
  UUIDDeserializer: uuid,
  ByteArrayDeserializer: identity,
  ByteBufferDeserializer: ({ length }) => `java.nio.HeapByteBuffer[pos=0 lim=${length} cap=${length}]`,
  BytesDeserializer: escaped,
  VoidDeserializer: () => {
    throw new JavaError('java.lang.IllegalArgumentException', 'Data should be null for a VoidDeserializer.');
  },
};

const DECODERS: Readonly<Record<string, (bytes: Buffer) => string>> = {
  'iso-8859-1': (bytes) => bytes.toString('latin1'),
  'us-ascii': (bytes) => bytes.toString('latin1').replace(/[\x80-\xff]/g, '\ufffd'),
  'utf-16': (bytes) => new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-16be').decode(bytes),
};
const ALIASES: Readonly<Record<string, string>> = { latin1: 'iso-8859-1', ascii: 'us-ascii', utf8: 'utf-8' };

/** StringDeserializer in an encoding of Java's name. Throws JavaError where there is none of that name. */
export function stringDeserializer(encoding: string): Deserialize {
  const name = ALIASES[encoding.toLowerCase()] ?? encoding.toLowerCase();
  if (name === 'utf-8') return (bytes) => bytes.toString('utf8');
  const own = DECODERS[name];
  if (own) return own;
  try {
    const decoder = new TextDecoder(name);
    return (bytes) => decoder.decode(bytes);
  } catch {
    return refuse(`Unsupported encoding ${encoding}`);
  }
}

/** undefined for a class there is none of. */
export const deserializer = (className: string): Deserialize | undefined =>
  className.startsWith(PACKAGE) ? BY_NAME[className.slice(PACKAGE.length)] : undefined;
