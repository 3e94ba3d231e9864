import { randomFillSync } from 'node:crypto';

/** 22 characters of base64url; never with a leading dash, which a shell would take for a flag. Kafka's Uuid.randomUuid. */
export function randomUuid(): string {
  for (;;) {
    const bytes = randomFillSync(Buffer.alloc(16));
    bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
    const id = bytes.toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}
