import { deleteGroups } from '../../../client/admin/groups.js';
import { javaText } from '../../../java/exceptions.js';
import { chosenGroups, errorBlock, groupOrder, hintGroups, isUnknown, type Service } from './service.js';

const quoted = (groups: readonly string[]): string => groups.map((group) => `'${group}'`).join(', ');

export async function run(service: Service): Promise<void> {
  const { cluster, io, timeoutMs } = service;
  const outcomes = await deleteGroups(cluster, await chosenGroups(service), timeoutMs);
  io.stdout.write(
    reportDeleted(
      'consumer',
      groupOrder(outcomes, ([group]) => group),
    ),
  );
  if ([...outcomes.values()].some(isUnknown)) await hintGroups(service);
}

/** The report of a deletion: the groups deleted, and the error of each of the others. */
export function reportDeleted(
  kind: 'consumer' | 'share' | 'streams',
  outcomes: readonly (readonly [group: string, error: Error | undefined])[],
): string {
  const deleted = outcomes.filter(([, error]) => error === undefined).map(([group]) => group);
  const failed = outcomes.filter(([, error]) => error !== undefined);
  if (failed.length === 0) return `Deletion of requested ${kind} groups (${quoted(deleted)}) was successful.\n`;
  const lines = failed.map(([group, error]) => `* Group '${group}' could not be deleted due to: ${javaText(error)}\n`);
  const others = `\nThese ${kind} groups were deleted successfully: ${quoted(deleted)}\n`;
  return errorBlock(`Deletion of some ${kind} groups failed:`) + lines.join('') + (deleted.length > 0 ? others : '');
}
