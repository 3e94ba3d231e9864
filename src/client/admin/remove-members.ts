/** Removes members from a group. Mirrors clients/admin/KafkaAdminClient.removeMembersFromConsumerGroup. */
import { leaveGroup } from '../../protocol/apis/13-leave-group.js';
import { check } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';
import type { MemberDescription } from './describe-groups.js';
import { retriableCoordinatorError } from './groups.js';

const REASON = 'member was removed by an admin';

/** Throws the group's error, or the first member's. */
export async function removeMembers(
  cluster: Cluster,
  groupId: string,
  members: readonly MemberDescription[],
): Promise<void> {
  const leaving = members.map(({ memberId, instanceId }) => ({
    memberId: instanceId === undefined ? memberId : '',
    groupInstanceId: instanceId ?? null,
    reason: REASON,
  }));
  const response = await cluster.send(
    leaveGroup,
    { groupId, memberId: '', members: leaving },
    {
      to: { group: groupId },
      atLeast: 3,
      call: 'leaveGroup(api=FIND_COORDINATOR)',
      errorOf: (r) => retriableCoordinatorError(r.errorCode),
    },
  );
  check(response.errorCode);
  for (const { errorCode } of response.members) check(errorCode);
}
