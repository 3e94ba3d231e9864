/** Input files for the producers, and the check of the consumers' output. */
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { DIR } from './peers.mjs';

/** Writes `count` lines, `line(i)` including the newline; returns the file's path. */
export function writeLines(name, count, line) {
  const file = path.join(DIR, name);
  const fd = openSync(file, 'w');
  for (let i = 0; i < count; ) {
    let text = '';
    for (; i < count && text.length < 4_000_000; i++) text += line(i);
    writeSync(fd, text);
  }
  closeSync(fd);
  return file;
}

const FILL =
  'kafka keeps what it is told; a log forgets nothing, a queue forgets what was read; offsets say where you are';
/** A line of exactly `bytes` bytes including the newline: a number and text that is neither constant nor random. */
export function lineOf(i, bytes) {
  const number = String(i).padStart(10, '0');
  const at = (i * 7) % FILL.length;
  return `${`${number} ${FILL.slice(at)}${FILL}`.slice(0, bytes - 1)}\n`;
}

/** A file's line count and SHA-256. */
export async function contents(file) {
  const hash = createHash('sha256');
  let lines = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    hash.update(chunk);
    for (let i = chunk.indexOf(10); i >= 0; i = chunk.indexOf(10, i + 1)) lines++;
  }
  return { lines, sha: hash.digest('hex') };
}
