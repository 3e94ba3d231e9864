/** The JSON lines of the verifiable tools: each has its time and name first, as Jackson writes them. */
import type { Writable } from 'node:stream';

/** A number as it is to be written. */
export class RawNumber {
  constructor(readonly text: string) {}
}

export const eventLine = (name: string, fields: Readonly<Record<string, unknown>> = {}): string => {
  const parts = Object.entries<unknown>({ timestamp: Date.now(), name, ...fields }).map(([key, value]) => {
    const text = value instanceof RawNumber ? value.text : JSON.stringify(value);
    return `${JSON.stringify(key)}:${text}`;
  });
  return `{${parts.join(',')}}\n`;
};

export const printEvent = (out: Writable, name: string, fields?: Readonly<Record<string, unknown>>): void =>
  void out.write(eventLine(name, fields));
