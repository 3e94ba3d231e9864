import { writeLines } from '../../../cli/io.js';
import { type GroupListing, listGroups, SHARE_GROUPS } from '../../../client/admin/groups.js';
import { executionException } from '../../../java/exceptions.js';
import { statesOf } from '../shared/list.js';
import { type GroupService, groupOrder, wrapErrors } from '../shared/service.js';
import type { ShareGroupService } from './service.js';

const STATES = ['Dead', 'Empty', 'Stable'] as const;

/** Every share group, in the order of the admin client. */
export async function shareGroups({ cluster, timeoutMs }: GroupService): Promise<GroupListing[]> {
  const groups = await wrapErrors(listGroups(cluster, SHARE_GROUPS, timeoutMs));
  return groupOrder(groups, ({ groupId }) => groupId);
}

export async function run(service: ShareGroupService): Promise<void> {
  const { cluster, options, io, timeoutMs } = service;
  if (!options.has('state')) {
    const groups = await shareGroups(service);
    await writeLines(
      io.stdout,
      groups.map(({ groupId }) => groupId),
    );
    return;
  }
  const states = statesOf(options.value('state'), STATES);
  const groups = await listGroups(cluster, { ...SHARE_GROUPS, states }, timeoutMs).catch((error) => {
    throw executionException(error);
  });
  await writeLines(io.stdout, table(groupOrder(groups, ({ groupId }) => groupId)));
}

function table(groups: readonly GroupListing[]): string[] {
  const width = Math.max(15, ...groups.map(({ groupId }) => groupId.length));
  const rows = groups.map(({ groupId, state }) => `${groupId.padEnd(width)} ${state ?? 'Unknown'}`);
  return [`${'GROUP'.padEnd(width)} STATE`, ...rows];
}
