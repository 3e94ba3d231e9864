import { randomFillSync } from 'node:crypto';

/**
 * A random id of 22 base64url characters that never starts with '-', which a shell would parse as a flag. Mirrors
 * Uuid.randomUuid.
 */
export function randomUuid(): string {
  for (;;) {
    const bytes = randomFillSync(Buffer.alloc(16));
    bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
    const id = bytes.toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}
