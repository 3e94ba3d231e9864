/** `--topic-id` as bytes of base64url. Throws what org.apache.kafka.common.Uuid.fromString says. */
export function parseUuid(text: string): string {
  if (text.length > 24)
    throw new Error(`Input string with prefix \`${text.slice(0, 24)}\` is too long to be decoded as a base64 UUID`);
  checkBase64(Buffer.from(text.replace(/[^\0-\xff]/g, '?'), 'latin1'));
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== 16) {
    throw new Error(
      `Input string \`${text}\` decoded as ${bytes.length} bytes, which is not equal to the expected 16 bytes of a base64-encoded UUID`,
    );
  }
  return bytes.toString('base64url');
}

const PAD = 0x3d;

/** Refuses what java.util.Base64's URL decoder refuses, in its words. */
function checkBase64(source: Buffer): void {
  if (source.length === 1) throw new Error('Input byte[] should at least have 2 bytes for base64 bytes');
  let at = source.findIndex((byte) => !/[\w-]/.test(String.fromCharCode(byte)));
  if (at < 0) at = source.length;
  else if (source[at] !== PAD) throw new Error(`Illegal base64 character ${source.readInt8(at).toString(16)}`);
  const unit = at % 4;
  let end = at;
  if (source[at] === PAD) {
    // two digits want two pads, three want one
    if (unit === 0 || (unit === 2 && source[at + 1] !== PAD))
      throw new Error('Input byte array has wrong 4-byte ending unit');
    end += unit === 2 ? 2 : 1;
  }
  if (unit === 1) throw new Error('Last unit does not have enough valid bits');
  if (end < source.length) throw new Error(`Input byte array has incorrect ending byte at ${end}`);
}
