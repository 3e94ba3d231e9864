/** `partition.metadata`: which topic id a partition directory belongs to. */
import { type LogFs, readFile, writeFile } from './fs.js';

const FILE = 'partition.metadata';

export function writePartitionMetadata(io: LogFs, dir: string, topicId: string): void {
  if (topicId !== '') writeFile(io, `${dir}/${FILE}`, Buffer.from(`version: 0\ntopic_id: ${topicId}`));
}

/** The topic id in a partition directory; undefined when there is none. */
export function readPartitionMetadata(io: LogFs, dir: string): string | undefined {
  const text = readFile(io, `${dir}/${FILE}`)?.toString('latin1');
  return text?.match(/^topic_id: *(\S+)/m)?.[1];
}
