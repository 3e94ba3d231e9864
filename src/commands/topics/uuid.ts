/** `--topic-id` as bytes of base64url. Throws what org.apache.kafka.common.Uuid.fromString says. */
export function parseUuid(text: string): string {
  if (text.length > 24)
    throw new Error(`Input string with prefix \`${text.slice(0, 24)}\` is too long to be decoded as a base64 UUID`);
  const digits = text.replace(/={1,2}$/, '');
  const wrong = /[^\w-]/.exec(digits);
  if (wrong) throw new Error(`Illegal base64 character ${wrong[0].charCodeAt(0).toString(16)}`);
  if (digits.length % 4 === 1)
    throw new Error(
      digits.length === 1
        ? 'Input byte[] should at least have 2 bytes for base64 bytes'
        : 'Last unit does not have enough valid bits',
    );
  const bytes = Buffer.from(digits, 'base64url');
  if (bytes.length !== 16) {
    throw new Error(
      `Input string \`${text}\` decoded as ${bytes.length} bytes, which is not equal to the expected 16 bytes of a base64-encoded UUID`,
    );
  }
  return bytes.toString('base64url');
}
