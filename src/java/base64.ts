const PAD = 0x3d;

/** Rejects what java.util.Base64's decoders reject, with their messages. `digit` matches a base64 character. */
export function checkBase64(text: string, digit: RegExp): void {
  const source = Buffer.from(text.replace(/[^\0-\xff]/g, '?'), 'latin1');
  if (source.length === 1) throw new Error('Input byte[] should at least have 2 bytes for base64 bytes');
  let at = source.findIndex((byte) => !digit.test(String.fromCharCode(byte)));
  if (at < 0) at = source.length;
  else if (source[at] !== PAD) throw new Error(`Illegal base64 character ${source.readInt8(at).toString(16)}`);
  const unit = at % 4;
  let end = at;
  if (source[at] === PAD) {
    // two digits need two pad characters, three need one
    if (unit === 0 || (unit === 2 && source[at + 1] !== PAD))
      throw new Error('Input byte array has wrong 4-byte ending unit');
    end += unit === 2 ? 2 : 1;
  }
  if (unit === 1) throw new Error('Last unit does not have enough valid bits');
  if (end < source.length) throw new Error(`Input byte array has incorrect ending byte at ${end}`);
}
