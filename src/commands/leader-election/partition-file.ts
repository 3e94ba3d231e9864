/** The JSON file of partitions. Mirrors tools/LeaderElectionCommand.parseReplicaElectionData. */
import { JavaError, runtimeException } from '../../java/exceptions.js';
import { partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import { json, parseJson, readText } from '../shared/json-fields.js';
import { partitionOrder } from '../shared/partition-order.js';

const failed = (message: string): JavaError => new JavaError('org.apache.kafka.tools.AdminOperationException', message);

export function readPartitions(file: string): TopicPartition[] {
  const document = parsed(file);
  const partitions = wrapErrors(() => {
    const list = json.object(document).get('partitions');
    if (list === undefined) throw failed('Replica election data is missing "partitions" field');
    return json.array(list).map((element) => {
      const fields = json.object(element);
      return { topic: json.string(fields.apply('topic')), partition: json.int(fields.apply('partition')) };
    });
  });
  const names = partitions.map(partitionName);
  const twice = partitionOrder(
    partitions.filter((p, i) => names.indexOf(partitionName(p)) === i && names.lastIndexOf(partitionName(p)) !== i),
  );
  if (twice.length > 0)
    throw failed(`Replica election data contains duplicate partitions: [${twice.map(partitionName).join(', ')}]`);
  return partitions;
}

function parsed(file: string): unknown {
  const text = wrapErrors(() => readText(file));
  try {
    return parseJson(text);
  } catch {
    throw failed('Replica election data is empty');
  }
}

/** Wraps errors in RuntimeException: Java's lambdas cannot throw checked exceptions. */
function wrapErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof JavaError && error.javaClass.endsWith('AdminOperationException')
      ? error
      : runtimeException(error);
  }
}
