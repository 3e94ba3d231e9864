/** Authorization of requests about records: Produce, Fetch, offsets, leader epochs, producers. */
import { produce } from '../../../protocol/apis/00-produce.js';
import { fetch } from '../../../protocol/apis/01-fetch.js';
import { listOffsets } from '../../../protocol/apis/02-list-offsets.js';
import { deleteRecords } from '../../../protocol/apis/21-delete-records.js';
import { offsetForLeaderEpoch } from '../../../protocol/apis/23-offset-for-leader-epoch.js';
import { describeProducers } from '../../../protocol/apis/61-describe-producers.js';
import { errorText } from '../../../protocol/errors.js';
import { At, Attribute } from '../../../protocol/records/layout.js';
import type { RequestOf } from '../../../protocol/wire/schema.js';
import { Operation, ResourceType } from '../authorizer.js';
import {
  all,
  authorize,
  type Call,
  each,
  mayNamed,
  mayTopic,
  open,
  type ResponseItem,
  type Rule,
  TOPIC_DENIED,
  TRANSACTION_DENIED,
} from './rule.js';

type Produce = RequestOf<typeof produce>;

const refusedProduce =
  (errorCode: number) =>
  ({ name, topicId, partitionData }: Produce['topicData'][number]): ResponseItem<typeof produce, 'responses'> => ({
    name,
    topicId,
    partitionResponses: partitionData.map(({ index }) => ({ index, errorCode, baseOffset: -1n })),
  });

/** Only transactional batches require Write on the transactional id. Mirrors RequestUtils.hasTransactionalRecords. */
const isTransactional = ({ topicData }: Produce): boolean =>
  topicData.some((t) =>
    t.partitionData.some(
      ({ records }) =>
        records !== null && records.length > At.attributes + 1 && isOfTransaction(records[At.attributes + 1] as number),
    ),
  );
const isOfTransaction = (attributes: number): boolean => (attributes & Attribute.transactional) !== 0;

const mayTransact = (call: Call, transactionalId: string | null): boolean =>
  transactionalId !== null && call.allows(Operation.WRITE, ResourceType.TRANSACTIONAL_ID, transactionalId);

const transactional: Rule<typeof produce> = (call, request, next) => {
  if (!isTransactional(request) || mayTransact(call, request.transactionalId)) return next(request);
  return { responses: request.topicData.map(refusedProduce(TRANSACTION_DENIED)) };
};

export const recordRules = [
  authorize(
    produce,
    all(
      transactional,
      each(
        produce,
        'topicData',
        'responses',
        (call, topic) => mayNamed(call, Operation.WRITE, topic),
        refusedProduce(TOPIC_DENIED),
      ),
    ),
  ),
  // a fetch session contains partitions that the request does not name: the handler authorizes each of them
  authorize(fetch, open),
  authorize(
    listOffsets,
    each(
      listOffsets,
      'topics',
      'topics',
      (call, { name }) => mayTopic(call, Operation.DESCRIBE, name),
      ({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: TOPIC_DENIED })),
      }),
    ),
  ),
  authorize(
    deleteRecords,
    each(
      deleteRecords,
      'topics',
      'topics',
      (call, { name }) => mayTopic(call, Operation.DELETE, name),
      ({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => ({
          partitionIndex,
          lowWatermark: -1n,
          errorCode: TOPIC_DENIED,
        })),
      }),
    ),
  ),
  authorize(
    offsetForLeaderEpoch,
    each(
      offsetForLeaderEpoch,
      'topics',
      'topics',
      (call, { topic }) => mayTopic(call, Operation.DESCRIBE, topic),
      ({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition }) => ({ partition, errorCode: TOPIC_DENIED })),
      }),
    ),
  ),
  authorize(
    describeProducers,
    each(
      describeProducers,
      'topics',
      'topics',
      (call, { name }) => mayTopic(call, Operation.READ, name),
      ({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map((partitionIndex) => ({
          partitionIndex,
          errorCode: TOPIC_DENIED,
          errorMessage: errorText(TOPIC_DENIED),
          activeProducers: [],
        })),
      }),
    ),
  ),
];
