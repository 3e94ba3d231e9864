/** The JSON file of partitions and offsets. Mirrors tools/DeleteRecordsCommand.parseOffsetJsonStringWithoutDedup. */
import { CommandError } from '../../cli/errors.js';
import type { DeleteBefore } from '../../client/admin/delete-records.js';
import { partitionName } from '../../kafka/topic-partition.js';
import { json, parseJson, readText } from '../shared/json-fields.js';

/** Reads the file. Throws CommandError or JavaError with Java's message when its content is invalid. */
export function readOffsets(file: string): DeleteBefore[] {
  const document = json.object(parse(readText(file)));
  const version = document.get('version');
  if (version !== undefined && json.int(version) !== 1)
    throw new CommandError(`Not supported version field value ${version}`);
  const partitions = document.get('partitions');
  if (partitions === undefined) throw new CommandError('Missing partitions field');
  const wanted = json.array(partitions).map((element): DeleteBefore => {
    const { apply } = json.object(element);
    const [topic, partition] = [json.string(apply('topic')), json.int(apply('partition'))];
    return { topic, partition, offset: json.long(apply('offset')) };
  });
  const names = wanted.map(partitionName);
  const twice = [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
  if (twice.length > 0)
    throw new CommandError(`Offset json file contains duplicate topic partitions: ${twice.join(',')}`);
  return wanted;
}

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw new CommandError('The input string is not a valid JSON');
  }
}
