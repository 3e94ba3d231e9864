import { deleteGroups } from '../../client/admin/groups.js';
import { javaText } from '../../client/java-names.js';
import { chosenGroups, errorText, groupOrder, hintGroups, isUnknown, type Service } from './service.js';

const quoted = (groups: readonly string[]): string => groups.map((group) => `'${group}'`).join(', ');

export async function run(service: Service): Promise<void> {
  const { cluster, io, timeoutMs } = service;
  const outcomes = await deleteGroups(cluster, await chosenGroups(service), timeoutMs);
  const ordered = groupOrder(outcomes, ([group]) => group);
  const deleted = ordered.filter(([, error]) => error === undefined).map(([group]) => group);
  const failed = ordered.filter(([, error]) => error !== undefined);
  if (failed.length === 0) {
    io.stdout.write(`Deletion of requested consumer groups (${quoted(deleted)}) was successful.\n`);
    return;
  }
  io.stdout.write(errorText('Deletion of some consumer groups failed:'));
  for (const [group, error] of failed) {
    io.stdout.write(`* Group '${group}' could not be deleted due to: ${javaText(error)}\n`);
  }
  if (deleted.length > 0) {
    io.stdout.write(`\nThese consumer groups were deleted successfully: ${quoted(deleted)}\n`);
  }
  if (failed.some(([, error]) => isUnknown(error))) await hintGroups(service);
}
