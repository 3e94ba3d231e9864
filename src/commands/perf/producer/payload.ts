/** What the records hold. It lies in the producer's own memory, so that a record's bytes move once. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CommandError } from '../../../cli/errors.js';
import { javaRegex, javaSplit } from '../../../java/regex.js';
import { SplittableRandom } from '../../../java/splittable-random.js';

/** Draws after which records of one size are cut out of the first ones again, elsewhere: what is measured is not how fast random numbers are made. */
const POOL = 1024 * 1024;
const LONGEST_NUMBER = 20;

export interface Payload {
  /** random numbers that a record's payload takes */
  readonly draws: number;
  /** bytes needed in front of the producer's memory */
  readonly reserve: number;
  /** puts there what does not change */
  fill(buf: Buffer): void;
  /** where the payload of record `i` lies; `end` is set too */
  next(i: number, buf: Buffer): number;
  end: number;
}

/** What makes payloads the same in each run. */
export interface Randomness {
  readonly seed: bigint;
  /** whether each record's key takes a random number too, after its payload */
  readonly keyed: boolean;
  /** records that are sent */
  readonly records: number;
}

/** Random capitals: those of Java's tool for the first million, then other stretches of the same ones. */
export function randomPayload(size: number, { seed, keyed, records }: Randomness): Payload {
  const stride = keyed ? size + 1 : size;
  const pool = Math.min(POOL, stride * records);
  const reserve = pool + size;
  const payload = {
    draws: size,
    reserve,
    end: 0,
    fill(buf: Buffer) {
      const random = new SplittableRandom(seed);
      for (let i = 0; i < reserve; i++) buf[i] = 65 + random.below(26);
    },
    next(i: number): number {
      const start = (i * stride) % pool;
      payload.end = start + size;
      return start;
    },
  };
  return payload;
}

/** The record's number as text. */
export function numberPayload(): Payload {
  const payload = {
    draws: 0,
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
export function listPayload(payloads: readonly string[], { seed, keyed }: Randomness): Payload {
  const all = payloads.map((text) => Buffer.from(text));
  const starts: number[] = [];
  let reserve = 0;
  for (const each of all) {
    starts.push(reserve);
    reserve += each.length;
  }
  const random = new SplittableRandom(seed, { first: 1, stride: keyed ? 2 : 1 });
  const payload = {
    draws: 1,
    reserve,
    end: 0,
    fill: (buf: Buffer) => all.forEach((each, i) => void each.copy(buf, starts[i])),
    next(): number {
      const which = random.below(all.length);
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
