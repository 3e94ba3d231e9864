/** Returns committed offsets. Mirrors KafkaApis.handleOffsetFetchRequest. */
import { offsetFetch } from '../../protocol/apis/09-offset-fetch.js';
import { Errors } from '../../protocol/errors.js';
import { type RequestOf, type ResponseInput, ZERO_UUID } from '../../protocol/wire/schema.js';
import type { Broker } from '../api.js';
import { operationError } from '../groups/classic/rebalance.js';
import { groupCoordinator } from '../groups/coordinator.js';
import { type FetchedTopic, type FetchGroup, type FetchTopic, fetchOffsets, noOffset } from '../groups/offset-fetch.js';
import { handler } from '../handler.js';

type GroupAnswer = NonNullable<ResponseInput<typeof offsetFetch>['groups']>[number] & { topics: FetchedTopic[] };

const GROUP_ERROR_VERSION = 2;
const BATCH_VERSION = 8;
const TOPIC_ID_VERSION = 10;

export default handler({
  api: offsetFetch,
  async handle(request, { apiVersion }, broker) {
    const requested = apiVersion >= BATCH_VERSION ? request.groups : [single(request)];
    const groups: GroupAnswer[] = [];
    for (const group of requested) groups.push(await fetchGroup(group, request.requireStable, apiVersion, broker));
    if (apiVersion >= BATCH_VERSION) return { groups };
    const { topics, errorCode } = groups[0] as GroupAnswer;
    return { topics, errorCode };
  },
});

const single = ({ groupId, topics }: RequestOf<typeof offsetFetch>): FetchGroup => ({
  groupId,
  memberId: null,
  memberEpoch: -1,
  topics: topics?.map((t) => ({ ...t, topicId: ZERO_UUID })) ?? null,
});

async function fetchGroup(
  request: FetchGroup,
  requireStable: boolean,
  apiVersion: number,
  broker: Broker,
): Promise<GroupAnswer> {
  const { groupId } = request;
  const groups = broker.component(groupCoordinator);
  const byId = apiVersion >= TOPIC_ID_VERSION;
  const named = request.topics?.map((t) => (byId ? { ...t, name: nameOf(t, broker) } : t)) ?? null;
  const isUnknown = (t: FetchTopic): boolean => byId && t.name === '';
  try {
    const topics = named?.filter((t) => !isUnknown(t)) ?? null;
    const fetched = fetchOffsets(groups, { ...request, topics }, requireStable);
    await groups.log.settled(groupId);
    if (byId && named === null) return { groupId, topics: withIds(fetched, broker), errorCode: Errors.NONE };
    const errors = (named ?? []).filter(isUnknown).map((t) => ({
      ...t,
      partitions: t.partitionIndexes.map((p) => noOffset(p, Errors.UNKNOWN_TOPIC_ID)),
    }));
    return { groupId, topics: [...fetched, ...errors], errorCode: Errors.NONE };
  } catch (error) {
    const errorCode = operationError(error);
    if (apiVersion >= GROUP_ERROR_VERSION) return { groupId, topics: [], errorCode };
    const topics =
      named?.map((t) => ({ ...t, partitions: t.partitionIndexes.map((p) => noOffset(p, errorCode)) })) ?? [];
    return { groupId, topics, errorCode };
  }
}

const nameOf = (t: FetchTopic, broker: Broker): string => broker.metadata.topicById(t.topicId)?.name ?? '';

/** Omits deleted topics, as they no longer have an id. */
const withIds = (topics: FetchedTopic[], broker: Broker): FetchedTopic[] =>
  topics.flatMap((t) => {
    const topicId = broker.metadata.topic(t.name)?.id;
    return topicId === undefined ? [] : [{ ...t, topicId }];
  });
