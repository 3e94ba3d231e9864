import { deleteGroups } from '../../../client/admin/groups.js';
import { JavaError } from '../../../java/exceptions.js';
import { Errors, KafkaError } from '../../../protocol/errors.js';
import { reportDeleted } from '../shared/delete.js';
import { groupOrder } from '../shared/service.js';
import { shareGroups } from './list.js';
import type { ShareGroupService } from './service.js';

export async function run(service: ShareGroupService): Promise<void> {
  const { cluster, options, io, timeoutMs } = service;
  const known = new Map((await shareGroups(service)).map(({ groupId, state }) => [groupId, state]));
  const wanted = options.has('all-groups') ? known.keys() : options.values('group');
  const outcomes = new Map<string, Error | undefined>();
  for (const groupId of wanted) outcomes.set(groupId, refusal(groupId, known));
  const open = [...outcomes].filter(([, error]) => error === undefined).map(([groupId]) => groupId);
  for (const [groupId, error] of await deleteGroups(cluster, open, timeoutMs, 'deleteShareGroups')) {
    outcomes.set(groupId, error);
  }
  const ordered = groupOrder(outcomes, ([groupId]) => groupId);
  io.stdout.write(reportDeleted('share', ordered));
}

/** Refuses a group without sending a request: one that does not exist, or is not empty. */
function refusal(groupId: string, known: ReadonlyMap<string, string | undefined>): Error | undefined {
  if (!known.has(groupId)) {
    return new KafkaError(Errors.GROUP_ID_NOT_FOUND, `Group '${groupId}' is not a share group.`);
  }
  const state = known.get(groupId);
  if (state === undefined || state === 'Empty') return undefined;
  if (state === 'Dead') {
    return new JavaError('java.lang.IllegalStateException', `Share group '${groupId}' group state is DEAD.`);
  }
  return new KafkaError(Errors.NON_EMPTY_GROUP, `Share group '${groupId}' is not EMPTY.`);
}
