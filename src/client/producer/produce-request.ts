/** Sends one Produce request and returns the result of each batch; never throws. */
import { produce } from '../../protocol/apis/00-produce.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { ZERO_UUID } from '../../protocol/wire/schema.js';
import type { Cluster } from '../cluster/types.js';
import type { ProducerConfig } from './config.js';
import type { TopicLeaders } from './topic-leaders.js';
import { LAST_PRODUCE } from './transaction.js';

/** The broker's result for one partition. */
export interface PartitionAnswer {
  readonly errorCode: number;
  readonly message: string | null;
  readonly baseOffset: number;
}

export type ProduceResult =
  | { readonly answers: ReadonlyMap<number, PartitionAnswer> }
  /** no response; `written`: the broker may have processed the request nevertheless */
  | { readonly error: KafkaError; readonly written: boolean };

export interface ProduceRequest {
  readonly node: number;
  readonly partitionData: readonly { readonly index: number; readonly records: Buffer }[];
  readonly transactionalId: string | null;
}

/** the result with acks=0, where there is no response */
const UNANSWERED: PartitionAnswer = { errorCode: 0, message: null, baseOffset: -1 };
const LAST_WITH_NAMES = 12;

/** Sends one Produce request to a node; never throws. */
export async function sendProduce(
  cluster: Cluster,
  leaders: TopicLeaders,
  { acks, requestTimeoutMs }: ProducerConfig,
  { node, partitionData, transactionalId }: ProduceRequest,
): Promise<ProduceResult> {
  let written = false;
  try {
    const connection = await cluster.connection(node);
    const topicId = leaders.info?.topicId ?? ZERO_UUID;
    const highest = transactionalId !== null ? LAST_PRODUCE : topicId === ZERO_UUID ? LAST_WITH_NAMES : undefined;
    const version = connection.version(produce, 3, highest);
    const topicData = [{ name: leaders.topic, topicId, partitionData: [...partitionData] }];
    const body = { transactionalId, acks, timeoutMs: requestTimeoutMs, topicData };
    written = true;
    const response = await connection.send(produce, version, body, {
      timeoutMs: requestTimeoutMs,
      oneWay: acks === 0,
    });
    if (acks === 0) return { answers: new Map(partitionData.map(({ index }) => [index, UNANSWERED])) };
    const partitions = response?.responses[0]?.partitionResponses ?? [];
    return { answers: new Map(partitions.map((answer) => [answer.index, answerOf(answer)])) };
  } catch (error) {
    return { error: error instanceof KafkaError ? error : new KafkaError(UNKNOWN, (error as Error).message), written };
  }
}

const UNKNOWN = Errors.UNKNOWN_SERVER_ERROR;

interface Answer {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly recordErrors: readonly { readonly batchIndexErrorMessage: string | null }[];
  readonly baseOffset: bigint;
}

/** If only one record is invalid, its error message is more specific than the batch's. */
function answerOf({ errorCode, errorMessage, recordErrors, baseOffset }: Answer): PartitionAnswer {
  const [atFault, ...more] = recordErrors;
  const message = (more.length === 0 && atFault?.batchIndexErrorMessage) || errorMessage;
  return { errorCode, message, baseOffset: Number(baseOffset) };
}
