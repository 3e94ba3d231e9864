/** Moves lines from the input to the producer until the input ends, the command is told to stop, or a line is wrong. */
import type { Producer } from '../../../client/producer/producer.js';
import type { Input } from './input.js';
import type { LineReader } from './line-reader.js';

const CHUNK = 512 * 1024;
/** a first piece of input below this is not worth hurrying for: it is appended long before the topic is known */
const SMALL = 64 * 1024;

export interface PumpOptions {
  /** bytes of the producer's memory that input may lie in; a line must fit */
  readonly reserve: number;
  readonly signal: AbortSignal;
  /** called after each line when lines go one by one, and before the first */
  readonly onLine?: () => void | Promise<void>;
}

export async function pump(input: Input, reader: LineReader, producer: Producer, options: PumpOptions): Promise<void> {
  const { reserve, signal, onLine } = options;
  const buf = producer.buffer;
  const aborted = new Promise<number>((resolve) => signal.addEventListener('abort', () => resolve(-1), { once: true }));
  let start = 0;
  let end = 0;
  // bytes of a line that is too long already, which are counted only
  let dropped = 0;
  await onLine?.();
  let first = true;
  let reading = input.read(buf, 0, CHUNK);
  for (;;) {
    if (input.mayPause && !(await atOnce(reading))) producer.idle();
    const bytes = await Promise.race([reading, aborted]);
    if (bytes <= 0 || signal.aborted) break;
    end += bytes;
    producer.tick();
    const ahead = reserve - end >= CHUNK;
    if (ahead) reading = input.read(buf, end, CHUNK);
    if (dropped > 0) {
      const eol = lineEnd(buf, start, end);
      dropped += (eol < 0 ? end : eol) - start;
      start = eol < 0 ? end : eol;
      if (eol >= 0) {
        reader.refuse(dropped);
        await onLine?.();
        dropped = 0;
        start = eol + 1;
      }
    }
    if (first && bytes < SMALL && !reader.stepwise) start = await firstLine(reader, producer, start, end, aborted);
    first = false;
    for (;;) {
      start = reader.scan(buf, start, end);
      if (reader.stopped === undefined || signal.aborted) break;
      if (reader.stopped === 'line') await onLine?.();
      else await Promise.race([producer.room(), aborted]);
    }
    if (ahead) continue;
    if (end - start > reserve - CHUNK) {
      dropped = end - start;
      start = end;
    }
    buf.copyWithin(0, start, end);
    end -= start;
    start = 0;
    reading = input.read(buf, end, CHUNK);
  }
  if (signal.aborted) return;
  if (dropped > 0) reader.refuse(dropped + end - start);
  else if (start < end) {
    while (!reader.last(buf, start, end)) await producer.room();
  }
}

/**
 * Takes the first line, and waits until the topic is known: as in Java, whose first `send` waits for that, the lines
 * after it carry a later time (kafka-get-offsets --time max-timestamp tells). Returns where the rest begins.
 */
async function firstLine(
  reader: LineReader,
  producer: Producer,
  start: number,
  end: number,
  aborted: Promise<number>,
): Promise<number> {
  const buf = producer.buffer;
  const eol = lineEnd(buf, start, end);
  if (eol < 0) return start;
  let at = start;
  do {
    at = reader.scan(buf, at, eol + 1);
    if ((await Promise.race([producer.start(), aborted])) !== undefined) return at;
  } while (reader.stopped === 'no-room');
  producer.tick();
  return at;
}

function lineEnd(buf: Buffer, start: number, end: number): number {
  for (let at = start; at < end; at++) if (buf[at] === 10 || buf[at] === 13) return at;
  return -1;
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Whether it is there before the event loop has looked for input once and found none. */
async function atOnce(reading: Promise<number>): Promise<boolean> {
  let there = false;
  const done = reading.then(
    () => {
      there = true;
    },
    () => {
      there = true;
    },
  );
  await Promise.race([done, turn().then(turn)]);
  return there;
}
