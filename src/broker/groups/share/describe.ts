/** ShareGroupDescribe. Mirrors ShareGroup.asDescribedGroup. */
import type { shareGroupDescribe } from '../../../protocol/apis/77-share-group-describe.js';
import { Errors, KafkaError } from '../../../protocol/errors.js';
import type { ResponseInput } from '../../../protocol/wire/schema.js';
import { EMPTY_DESCRIPTION } from '../consumer/describe.js';
import type { GroupContext } from '../context.js';
import type { ShareMember } from './group.js';
import { shareGroup } from './heartbeat.js';

type Described = ResponseInput<typeof shareGroupDescribe>['groups'][number];

/** Describes one group; if there is no such group, with an error code. */
export function describeShare(c: GroupContext, groupId: string): Described {
  if (groupId === '') return { ...EMPTY_DESCRIPTION, groupId, errorCode: Errors.INVALID_GROUP_ID };
  try {
    const group = shareGroup(c, groupId);
    return {
      errorCode: Errors.NONE,
      groupId,
      groupState: group.state,
      groupEpoch: group.groupEpoch,
      assignmentEpoch: group.assignmentEpoch,
      assignorName: 'simple',
      members: [...group.members.values()].map((member) => describeMember(c, member)),
    };
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    return { ...EMPTY_DESCRIPTION, groupId, errorCode: error.code, errorMessage: error.message };
  }
}

const describeMember = (c: GroupContext, m: ShareMember): Described['members'][number] => ({
  memberId: m.memberId,
  rackId: m.rackId,
  memberEpoch: m.memberEpoch,
  clientId: m.clientId,
  clientHost: m.clientHost,
  subscribedTopicNames: m.topics,
  assignment: {
    topicPartitions: [...m.assigned].flatMap(([topicId, partitions]) => {
      const topicName = c.topicById(topicId)?.name;
      return topicName === undefined ? [] : [{ topicId, topicName, partitions: [...partitions].sort((a, b) => a - b) }];
    }),
  },
});
