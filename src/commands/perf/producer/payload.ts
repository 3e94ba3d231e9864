/** Payload generators. Payloads are stored in the producer's own buffer, so that a record's bytes are copied only once. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CommandError } from '../../../cli/errors.js';
import { javaRegex, javaSplit } from '../../../java/regex.js';
import { SplittableRandom } from '../../../java/splittable-random.js';

/** Size of the pool of random bytes that records are cut from. It is reused, so that the test does not measure the random generator. */
const POOL = 1024 * 1024;
const LONGEST_NUMBER = 20;

export interface Payload {
  /** random numbers that each record's payload takes from the sequence */
  readonly draws: number;
  /** bytes to reserve at the start of the producer's buffer */
  readonly reserve: number;
  /** writes the constant part of the payloads to the reserved bytes */
  fill(buf: Buffer): void;
  /** returns the start of the payload of record `i`, and sets `end` */
  next(i: number, buf: Buffer): number;
  end: number;
}

/** Input of the random generator: equal values give equal payloads. */
export interface Randomness {
  readonly seed: bigint;
  /** whether each record's key takes a random number, after its payload */
  readonly keyed: boolean;
  /** number of records to send */
  readonly records: number;
}

/** Random capital letters: the same as Java's tool for the first 1 MiB, after that slices of the same bytes. */
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

/** The record's sequence number as text. */
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

/** A random one of `payloads` for each record. */
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

/** Reads the payloads of a file, split at a regular expression; trailing empty ones are dropped. */
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
