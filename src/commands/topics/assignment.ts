import { parseInteger } from '../../java/integer.js';
import { javaSplit } from './configs.js';

/** `--replica-assignment 1:2,2:1`: the brokers of each partition, in order. Mirrors TopicCommand.parseReplicaAssignment. */
export function parseAssignment(text: string): number[][] {
  const partitions: number[][] = [];
  if (text === '') return partitions;
  for (const [i, piece] of javaSplit(text, ',').entries()) {
    const brokers = javaSplit(piece, ':').map((word) => parseInteger(word.trim()));
    const twice = [...new Set(brokers.filter((broker, at) => brokers.indexOf(broker) !== at))].sort((a, b) => a - b);
    if (twice.length > 0)
      throw new Error(`Partition replica lists may not contain duplicate entries: ${twice.join(',')}`);
    partitions.push(brokers);
    if (brokers.length !== partitions[0]!.length)
      throw new Error(`Partition ${i} has different replication factor: [${brokers.join(', ')}]`);
  }
  return partitions;
}
