/** The JSON documents that the tool reads and writes. Mirrors tools/reassign/ReassignPartitionsCommand. */
import { CommandError, errorLine } from '../../cli/errors.js';
import { type Replica, type ReplicaMove, replicaName } from '../../client/admin/log-dirs.js';
import { JavaError } from '../../java/exceptions.js';
import { hashOrder } from '../../java/hash-order.js';
import { parseInteger } from '../../java/integer.js';
import { partitionName, type TopicPartition } from '../../kafka/topic-partition.js';
import { json, parseJson } from '../shared/json-fields.js';
import { byPartition, numberOrder, partitionOrder } from '../shared/partition-order.js';

/** A partition and its current or planned replicas; the first is the preferred leader. */
export interface Assignment extends TopicPartition {
  readonly replicas: readonly number[];
}

export interface Plan {
  readonly partitions: readonly Assignment[];
  /** replicas with an explicit log directory */
  readonly moves: readonly ReplicaMove[];
}

const ANY = 'any';

export const failed = (message: string, cause?: unknown): JavaError =>
  new JavaError('org.apache.kafka.tools.AdminCommandFailedException', message, cause);
export const operationFailed = (message: string, cause?: unknown): JavaError =>
  new JavaError('org.apache.kafka.tools.AdminOperationException', message, cause);
/** An error that Java prints without a stack trace (TerseException). */
export const terse = (message: string): CommandError => new CommandError(message, { stdout: `${message}\n` });

/** Items that occur more than once. */
const duplicates = <T>(items: readonly T[]): T[] => [...new Set(items.filter((item, i) => items.indexOf(item) !== i))];

/** Parses a plan. `checkPlan` validates it for execution. */
export function parsePlan(text: string): Plan {
  const document = json.object(parsed(text));
  checkVersion(document.get('version'));
  const partitions: Assignment[] = [];
  const moves = new Map<string, ReplicaMove>();
  for (const element of json.array(document.get('partitions') ?? [])) {
    const fields = json.object(element);
    const topic = json.string(fields.apply('topic'));
    const partition = json.int(fields.apply('partition'));
    const replicas = json.list(fields.apply('replicas'), json.int);
    const typed = fields.get('log_dirs');
    const logDirs = typed === undefined ? replicas.map(() => ANY) : json.list(typed, json.string);
    if (replicas.length !== logDirs.length)
      throw failed(
        `Size of replicas list [${replicas.join(', ')}] is different from size of log dirs list [${logDirs.join(', ')}] for partition ${partitionName({ topic, partition })}`,
      );
    partitions.push({ topic, partition, replicas });
    for (const [i, logDir] of logDirs.entries()) {
      const move = { topic, partition, broker: replicas[i] as number, logDir };
      if (logDir !== ANY) moves.set(replicaName(move), move);
    }
  }
  return { partitions, moves: [...moves.values()] };
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw operationFailed(errorLine(error), error);
  }
}

function checkVersion(version: unknown): void {
  if (version !== undefined && json.int(version) !== 1)
    throw operationFailed(`Not supported version field value ${version}`);
}

/** Throws if a plan cannot be executed: it is empty, or has duplicates. */
export function checkPlan({ partitions }: Plan): void {
  if (partitions.length === 0) throw failed('Partition reassignment list cannot be empty');
  if (partitions.some(({ replicas }) => replicas.length === 0)) throw failed('Partition replica list cannot be empty');
  const names = partitions.map(partitionName);
  const twice = duplicates(names).map((name) => partitions[names.indexOf(name)] as Assignment);
  if (twice.length > 0)
    throw failed(
      `Partition reassignment contains duplicate topic partitions: ${partitionOrder(twice).map(partitionName).join(',')}`,
    );
  const repeated = partitions.filter(({ replicas }) => duplicates(replicas).length > 0);
  if (repeated.length === 0) return;
  const texts = repeated.map(
    (entry) =>
      `${partitionName(entry)} contains multiple entries for ${numberOrder(duplicates(entry.replicas)).join(',')}`,
  );
  throw failed(`Partition replica lists may not contain duplicate entries: ${texts.join('. ')}`);
}

/** Parses the brokers and topics of `--generate`. */
export function parseGenerate(text: string, brokerList: string): { brokers: number[]; topics: string[] } {
  const brokers = brokerList
    .replace(/(?<=.),+$/, '')
    .split(',')
    .map(parseInteger);
  const twice = numberOrder(duplicates(brokers));
  if (twice.length > 0) throw failed(`Broker list contains duplicate entries: [${twice.join(', ')}]`);
  const topics = parseTopics(text);
  const again = hashOrder(duplicates(topics));
  if (again.length > 0) throw failed(`List of topics to reassign contains duplicate entries: [${again.join(', ')}]`);
  return { brokers, topics };
}

function parseTopics(text: string): string[] {
  let document: unknown;
  try {
    document = parseJson(text);
  } catch {
    throw operationFailed('The input string is not a valid JSON');
  }
  const fields = json.object(document);
  checkVersion(fields.get('version'));
  return json.array(fields.get('topics') ?? []).map((element) => json.string(json.object(element).apply('topic')));
}

/** Formats assignments as a plan; a replica whose log directory is unknown gets "any". */
export function planText(
  assignments: readonly Assignment[],
  logDirOf: (replica: Replica) => string | undefined,
): string {
  const partitions = [...assignments].sort(byPartition).map(({ topic, partition, replicas }) => ({
    topic,
    partition,
    replicas,
    log_dirs: replicas.map((broker) => logDirOf({ topic, partition, broker }) ?? ANY),
  }));
  return JSON.stringify({ version: 1, partitions });
}
