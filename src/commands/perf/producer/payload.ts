/** What the records hold. It lies in the producer's own memory, so that a record's bytes move once. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CommandError } from '../../../cli/errors.js';
import { javaRegex, javaSplit } from '../../../java/regex.js';

/** Bytes that records of one size are cut out of. */
const POOL = 1024 * 1024;
const LONGEST_NUMBER = 20;

export interface Payload {
  /** bytes needed in front of the producer's memory */
  readonly reserve: number;
  /** puts there what does not change */
  fill(buf: Buffer): void;
  /** where the payload of record `i` lies; `end` is set too */
  next(i: number, buf: Buffer): number;
  end: number;
}

/** Random capitals, another stretch of them for each record. */
export function randomPayload(size: number): Payload {
  const reserve = POOL + size;
  const payload = {
    reserve,
    end: 0,
    fill(buf: Buffer) {
      for (let i = 0; i < reserve; i++) buf[i] = 65 + (random() % 26);
    },
    next(): number {
      const start = random() % POOL;
      payload.end = start + size;
      return start;
    },
  };
  return payload;
}

/** The record's number as text. */
export function numberPayload(): Payload {
  const payload = {
    reserve: LONGEST_NUMBER,
    end: 0,
    fill() {},
    next(i: number, buf: Buffer): number {
      payload.end = buf.write(String(i), 0, 'latin1');
      return 0;
    },
  };
  return payload;
}

/** One of these at random. */
export function listPayload(payloads: readonly string[]): Payload {
  const all = payloads.map((text) => Buffer.from(text));
  const starts: number[] = [];
  let reserve = 0;
  for (const each of all) {
    starts.push(reserve);
    reserve += each.length;
  }
  const payload = {
    reserve,
    end: 0,
    fill: (buf: Buffer) => all.forEach((each, i) => void each.copy(buf, starts[i])),
    next(): number {
      const which = random() % all.length;
      payload.end = starts[which]! + all[which]!.length;
      return starts[which]!;
    },
  };
  return payload;
}

/** Reads the payloads of a file, which are separated by a regular expression; ones that are empty at its end do not count. */
export function readPayloads(file: string, delimiter: string, say: (line: string) => void): string[] {
  say(`Reading payloads from: ${resolve(file)}`);
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) {
    const why = 'File does not exist or empty file provided.';
    throw new CommandError(`Exception in thread "main" java.lang.IllegalArgumentException: ${why}`);
  }
  const payloads = javaSplit(readFileSync(file, 'utf8'), compiled(delimiter));
  say(`Number of records read: ${payloads.length}`);
  return payloads;
}

function compiled(delimiter: string): RegExp {
  try {
    return javaRegex(delimiter, { global: true });
  } catch (error) {
    const why = (error as Error).message;
    throw new CommandError(`Exception in thread "main" java.util.regex.PatternSyntaxException: ${why}`);
  }
}

let state = 0x2545f491;
/** xorshift32: what is measured is not how fast random numbers are made. */
function random(): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state >>> 0;
}
