import { checkBase64 } from '../java/base64.js';

/** Parses a `--topic-id`. Throws with the messages of org.apache.kafka.common.Uuid.fromString. */
export function parseUuid(text: string): string {
  if (text.length > 24)
    throw new Error(`Input string with prefix \`${text.slice(0, 24)}\` is too long to be decoded as a base64 UUID`);
  checkBase64(text, /[\w-]/);
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== 16) {
    throw new Error(
      `Input string \`${text}\` decoded as ${bytes.length} bytes, which is not equal to the expected 16 bytes of a base64-encoded UUID`,
    );
  }
  return bytes.toString('base64url');
}
