/** Authorization of requests about a group's offsets. */
import { offsetCommit } from '../../../protocol/apis/08-offset-commit.js';
import { offsetFetch } from '../../../protocol/apis/09-offset-fetch.js';
import { txnOffsetCommit } from '../../../protocol/apis/28-txn-offset-commit.js';
import { offsetDelete } from '../../../protocol/apis/47-offset-delete.js';
import { Errors } from '../../../protocol/errors.js';
import type { RequestOf } from '../../../protocol/wire/schema.js';
import { noOffset } from '../../groups/offset-fetch.js';
import { Operation } from '../authorizer.js';
import { mayGroup, mayReadGroup, mayTransaction } from './rights.js';
import {
  all,
  amend,
  authorize,
  type Call,
  each,
  GROUP_DENIED,
  mayNamed,
  mayTopic,
  type Rule,
  required,
  split,
  TOPIC_DENIED,
  TRANSACTION_DENIED,
} from './rule.js';

const refusedPartitions = (partitions: readonly { readonly partitionIndex: number }[], errorCode: number) =>
  partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode }));

type Committed = RequestOf<typeof offsetCommit>['topics'][number];
const refusedCommit =
  (errorCode: number) =>
  ({ name, topicId, partitions }: Committed) => ({
    name,
    topicId,
    partitions: refusedPartitions(partitions, errorCode),
  });
const refusedNamed =
  (errorCode: number) =>
  ({ name, partitions }: { readonly name: string; readonly partitions: { readonly partitionIndex: number }[] }) => ({
    name,
    partitions: refusedPartitions(partitions, errorCode),
  });
const mayRead = (call: Call, { name }: { readonly name: string }): boolean => mayTopic(call, Operation.READ, name);

type Group = RequestOf<typeof offsetFetch>['groups'][number];
type AskedTopic = NonNullable<Group['topics']>[number];
const mayDescribe = (call: Call, topic: { readonly name: string; readonly topicId: string }): boolean =>
  mayNamed(call, Operation.DESCRIBE, topic);
const refusedFetch = ({ name, topicId, partitionIndexes }: AskedTopic) => ({
  name,
  topicId,
  partitions: partitionIndexes.map((index) => noOffset(index, TOPIC_DENIED)),
});

const BATCH_VERSION = 8;
const GROUP_ERROR_VERSION = 2;

/** OffsetFetch up to v7: one group; null topics stands for all its offsets. */
const fetchOne: Rule<typeof offsetFetch> = (call, request, next) => {
  const may = (name: string): boolean => mayTopic(call, Operation.DESCRIBE, name);
  if (!mayGroup(call, Operation.DESCRIBE, request.groupId)) {
    if (call.version >= GROUP_ERROR_VERSION) return { errorCode: GROUP_DENIED };
    return {
      topics: (request.topics ?? []).map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map((index) => noOffset(index, GROUP_DENIED)),
      })),
    };
  }
  if (request.topics === null) {
    return amend<typeof offsetFetch>(next(request), (body) => ({
      ...body,
      topics: body.topics?.filter(({ name }) => may(name)) ?? [],
    }));
  }
  const { allowed, refused } = split(request.topics, ({ name }) => may(name));
  return amend<typeof offsetFetch>(next({ ...request, topics: [...allowed] }), (body) => {
    if (body.errorCode !== undefined && body.errorCode !== Errors.NONE) return body;
    const refusals = refused.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((index) => noOffset(index, TOPIC_DENIED)),
    }));
    return { ...body, topics: [...(body.topics ?? []), ...refusals] };
  });
};

/** OffsetFetch from v8 on. A group can be listed twice: each entry has its own topics and result. */
const fetchMany: Rule<typeof offsetFetch> = (call, request, next) => {
  const groups = split(request.groups, ({ groupId }) => mayGroup(call, Operation.DESCRIBE, groupId));
  const refusals = groups.refused.map(({ groupId }) => ({ groupId, topics: [], errorCode: GROUP_DENIED }));
  if (groups.allowed.length === 0) return { groups: refusals };
  const topics = groups.allowed.map((group) => split(group.topics ?? [], (topic) => mayDescribe(call, topic)));
  const requested = groups.allowed.map((group, i) =>
    group.topics === null ? group : { ...group, topics: [...(topics[i]?.allowed ?? [])] },
  );
  return amend<typeof offsetFetch>(next({ ...request, groups: requested }), (body) => {
    const answered = (body.groups ?? []).map((group, i) => {
      if (group.errorCode !== undefined && group.errorCode !== Errors.NONE) return group;
      // if all offsets were requested, topics have names even in versions with topic ids
      if (requested[i]?.topics === null) {
        const visible = group.topics.filter(({ name = '' }) => mayTopic(call, Operation.DESCRIBE, name));
        return { ...group, topics: visible };
      }
      return { ...group, topics: [...group.topics, ...(topics[i]?.refused ?? []).map(refusedFetch)] };
    });
    return { ...body, groups: [...answered, ...refusals] };
  });
};

export const offsetRules = [
  authorize(
    offsetCommit,
    all(
      each(
        offsetCommit,
        'topics',
        'topics',
        (call, _topic, request) => mayReadGroup(call, request),
        refusedCommit(GROUP_DENIED),
      ),
      each(
        offsetCommit,
        'topics',
        'topics',
        (call, topic) => mayNamed(call, Operation.READ, topic),
        refusedCommit(TOPIC_DENIED),
      ),
    ),
  ),
  authorize(offsetFetch, (call, request, next) =>
    (call.version < BATCH_VERSION ? fetchOne : fetchMany)(call, request, next),
  ),
  authorize(
    offsetDelete,
    all(
      required(
        offsetDelete,
        (call, { groupId }) => mayGroup(call, Operation.DELETE, groupId),
        () => ({ errorCode: GROUP_DENIED }),
      ),
      each(offsetDelete, 'topics', 'topics', mayRead, refusedNamed(TOPIC_DENIED)),
    ),
  ),
  authorize(
    txnOffsetCommit,
    all(
      each(
        txnOffsetCommit,
        'topics',
        'topics',
        (call, _topic, request) => mayTransaction(call, Operation.WRITE, request.transactionalId),
        refusedNamed(TRANSACTION_DENIED),
      ),
      each(
        txnOffsetCommit,
        'topics',
        'topics',
        (call, _topic, request) => mayReadGroup(call, request),
        refusedNamed(GROUP_DENIED),
      ),
      each(txnOffsetCommit, 'topics', 'topics', mayRead, refusedNamed(TOPIC_DENIED)),
    ),
  ),
];
