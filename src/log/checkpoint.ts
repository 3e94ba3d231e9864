/** Kafka's offset checkpoints: version 0, the count, then `topic partition offset` lines. */
import { type LogFs, readFile, replaceFile } from './fs.js';

/** Offsets by "topic-partition". An incomplete file counts as empty. */
export function readCheckpoint(io: LogFs, path: string): Map<string, number> {
  const lines = readFile(io, path)?.toString('utf8').split('\n') ?? [];
  const offsets = new Map<string, number>();
  if (lines[0] !== '0' || Number(lines[1]) !== lines.length - 3) return offsets;
  for (const line of lines.slice(2, -1)) {
    const [topic, partition, offset] = line.split(' ');
    if (offset !== undefined && Number.isSafeInteger(Number(offset)))
      offsets.set(`${topic}-${partition}`, Number(offset));
  }
  return offsets;
}

/** Replaces a checkpoint file atomically and durably. */
export function writeCheckpoint(io: LogFs, path: string, offsets: ReadonlyMap<string, number>): Promise<void> {
  const lines = [...offsets].map(([name, offset]) => {
    const dash = name.lastIndexOf('-');
    return `${name.slice(0, dash)} ${name.slice(dash + 1)} ${offset}\n`;
  });
  return replaceFile(io, path, Buffer.from(`0\n${lines.length}\n${lines.join('')}`));
}
