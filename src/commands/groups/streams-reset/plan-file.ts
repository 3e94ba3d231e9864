/** The offsets of `--from-file`: lines of `topic,partition,offset`. Mirrors StreamsResetter.parseResetPlan. */

import { readFileSync } from 'node:fs';
import { JavaError } from '../../../java/exceptions.js';
import { decimalValue, fits } from '../../../java/integer.js';
import { partitionName, type TopicPartition } from '../../../kafka/topic-partition.js';

export type Planned = TopicPartition & { readonly offset: bigint };

const unparsed = (message: string): JavaError => new JavaError('java.text.ParseException', message);

/** Reads the plan. Throws JavaError. */
export function readPlan(file: string): Planned[] {
  const text = readText(file);
  if (text === '') throw unparsed('Error parsing reset plan CSV file. It is empty,');
  const plan = new Map<string, Planned>();
  for (const line of text.replace(/\n+$/, '').split('\n')) {
    const [topic, partition, offset, ...more] = line.replace(/,+$/, '').split(',');
    if (topic === undefined || partition === undefined || offset === undefined || more.length > 0)
      throw unparsed('Reset plan CSV file is not following the format `TOPIC,PARTITION,OFFSET`.');
    const planned = { topic, partition: Number(integer(partition, 32)), offset: integer(offset, 64) };
    plan.set(partitionName(planned), planned);
  }
  return [...plan.values()];
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new JavaError('java.io.IOException', `Unable to read file ${file}`);
  }
}

/** Mirrors Integer.parseInt (32 bits) and Long.parseLong (64 bits). Throws JavaError. */
function integer(text: string, bits: 32 | 64): bigint {
  const value = decimalValue(text);
  if (value !== undefined && fits(value, bits)) return value;
  const tooLarge = value !== undefined && bits === 32 ? ' under radix 10' : '';
  throw new JavaError('java.lang.NumberFormatException', `For input string: "${text}"${tooLarge}`);
}
