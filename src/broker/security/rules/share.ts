/** Authorization of share group requests: their records and start offsets. */
import { shareFetch } from '../../../protocol/apis/78-share-fetch.js';
import { shareAcknowledge } from '../../../protocol/apis/79-share-acknowledge.js';
import { describeShareGroupOffsets } from '../../../protocol/apis/90-describe-share-group-offsets.js';
import { alterShareGroupOffsets } from '../../../protocol/apis/91-alter-share-group-offsets.js';
import { deleteShareGroupOffsets } from '../../../protocol/apis/92-delete-share-group-offsets.js';
import { Errors, errorText } from '../../../protocol/errors.js';
import { type ResponseInput, ZERO_UUID } from '../../../protocol/wire/schema.js';
import { Operation } from '../authorizer.js';
import { mayGroup, mayReadGroup } from './rights.js';
import {
  all,
  amend,
  authorize,
  type Call,
  each,
  GROUP_DENIED,
  mayTopic,
  type Rule,
  required,
  split,
  TOPIC_DENIED,
} from './rule.js';

const { READ, DELETE, DESCRIBE } = Operation;
const refused = () => ({ errorCode: GROUP_DENIED });
const refusedAloud = () => ({ errorCode: GROUP_DENIED, errorMessage: errorText(GROUP_DENIED) });

/** A request without a group is malformed and rejected by the handler, authorized or not. */
const mayBeMember = (call: Call, { groupId }: { readonly groupId: string | null }): boolean =>
  groupId === null || mayGroup(call, READ, groupId);
const mayReadName = (call: Call, { topicName }: { readonly topicName: string }): boolean =>
  mayTopic(call, READ, topicName);
const deniedTopic = { errorCode: TOPIC_DENIED, errorMessage: errorText(TOPIC_DENIED) };

type Group = ResponseInput<typeof describeShareGroupOffsets>['groups'][number];

/** Topics that may not be described are denied if the request names them, and omitted if it asks for all. */
const describeOffsets: Rule<typeof describeShareGroupOffsets> = (call, request, next) => {
  const groups = split(request.groups, ({ groupId }) => mayGroup(call, DESCRIBE, groupId));
  const refusals = groups.refused.map(({ groupId }): Group => ({ groupId, topics: [], errorCode: GROUP_DENIED }));
  if (groups.allowed.length === 0) return { throttleTimeMs: 0, groups: refusals };
  const may = ({ topicName }: { readonly topicName: string }): boolean => mayTopic(call, DESCRIBE, topicName);
  const topics = groups.allowed.map((group) => split(group.topics ?? [], may));
  const requested = groups.allowed.map((group, i) =>
    group.topics === null ? group : { ...group, topics: [...(topics[i]?.allowed ?? [])] },
  );
  return amend<typeof describeShareGroupOffsets>(next({ ...request, groups: requested }), (body) => ({
    ...body,
    groups: [
      ...body.groups.map((group, i): Group => {
        if (requested[i]?.topics === null) return { ...group, topics: group.topics.filter(may) };
        const hidden = (topics[i]?.refused ?? []).map(({ topicName, partitions }) => ({
          topicName,
          topicId: ZERO_UUID,
          partitions: partitions.map((partitionIndex) => ({
            partitionIndex,
            startOffset: -1n,
            leaderEpoch: 0,
            ...deniedTopic,
          })),
        }));
        return { ...group, topics: [...group.topics, ...hidden] };
      }),
      ...refusals,
    ],
  }));
};

/** The group is validated even if no topic is authorized: an error of the group replaces all others. */
const alterOffsets: Rule<typeof alterShareGroupOffsets> = (call, request, next) => {
  const { allowed, refused } = split(request.topics, (topic) => mayReadName(call, topic));
  return amend<typeof alterShareGroupOffsets>(next({ ...request, topics: [...allowed] }), (body) => {
    if (body.errorCode !== Errors.NONE) return body;
    const refusals = refused.map(({ topicName, partitions }) => ({
      topicName,
      topicId: ZERO_UUID,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, ...deniedTopic })),
    }));
    return { ...body, responses: [...body.responses, ...refusals] };
  });
};

export const shareRules = [
  // a share session contains partitions that the request does not name: the handler authorizes each of them
  authorize(shareFetch, required(shareFetch, mayBeMember, refused)),
  authorize(shareAcknowledge, required(shareAcknowledge, mayBeMember, refused)),
  authorize(describeShareGroupOffsets, describeOffsets),
  authorize(alterShareGroupOffsets, all(required(alterShareGroupOffsets, mayReadGroup, refusedAloud), alterOffsets)),
  authorize(
    deleteShareGroupOffsets,
    all(
      required(deleteShareGroupOffsets, (call, { groupId }) => mayGroup(call, DELETE, groupId), refusedAloud),
      each(deleteShareGroupOffsets, 'topics', 'responses', mayReadName, ({ topicName }) => ({
        topicName,
        topicId: ZERO_UUID,
        ...deniedTopic,
      })),
    ),
  ),
];
