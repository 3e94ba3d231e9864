/** The JSON file that names partitions and offsets. Mirrors tools/DeleteRecordsCommand.parseOffsetJsonStringWithoutDedup. */
import { readFileSync } from 'node:fs';
import { CommandError } from '../../cli/errors.js';
import type { DeleteBefore } from '../../client/admin/delete-records.js';
import { partitionName } from '../../client/partition.js';

/** Reads the file; throws CommandError in Java's words where it is not as it should be. */
export function readOffsets(file: string): DeleteBefore[] {
  const document = parse(file);
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw new CommandError(`Expected JSON object, received ${JSON.stringify(document)}`);
  const { version = 1, partitions } = document as { version?: unknown; partitions?: unknown };
  if (version !== 1) throw new CommandError(`Not supported version field value ${version}`);
  if (!Array.isArray(partitions)) throw new CommandError('Missing partitions field');
  const wanted = partitions.map(entry);
  const names = wanted.map(partitionName);
  const twice = [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
  if (twice.length > 0)
    throw new CommandError(`Offset json file contains duplicate topic partitions: ${twice.join(',')}`);
  return wanted;
}

function parse(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new CommandError(`Unable to read file ${file}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError('The input string is not a valid JSON');
  }
}

function entry(value: unknown): DeleteBefore {
  const { topic, partition, offset } = (value ?? {}) as Record<string, unknown>;
  const wrong = (field: string) =>
    new CommandError(`Every element of "partitions" needs a ${field}; got ${JSON.stringify(value)}`);
  if (typeof topic !== 'string') throw wrong('topic');
  if (!Number.isInteger(partition)) throw wrong('partition');
  if (!Number.isSafeInteger(offset)) throw wrong('offset');
  return { topic, partition: partition as number, offset: BigInt(offset as number) };
}
