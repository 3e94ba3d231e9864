import type { Io } from '../../cli/io.js';
import { deleteGroups } from '../../client/admin/groups.js';
import { javaText } from '../../client/java-names.js';
import { chosenGroups, errorText, groupOrder, hintGroups, isUnknown, type Service } from './service.js';

const quoted = (groups: readonly string[]): string => groups.map((group) => `'${group}'`).join(', ');

export async function run(service: Service): Promise<void> {
  const { cluster, io, timeoutMs } = service;
  const outcomes = await deleteGroups(cluster, await chosenGroups(service), timeoutMs);
  report(io, 'consumer', outcomes);
  if ([...outcomes.values()].some(isUnknown)) await hintGroups(service);
}

/** What became of each group. */
export function report(io: Io, kind: 'consumer' | 'streams', outcomes: ReadonlyMap<string, Error | undefined>): void {
  const ordered = groupOrder(outcomes, ([group]) => group);
  const deleted = ordered.filter(([, error]) => error === undefined).map(([group]) => group);
  const failed = ordered.filter(([, error]) => error !== undefined);
  if (failed.length === 0) {
    io.stdout.write(`Deletion of requested ${kind} groups (${quoted(deleted)}) was successful.\n`);
    return;
  }
  io.stdout.write(errorText(`Deletion of some ${kind} groups failed:`));
  for (const [group, error] of failed) {
    io.stdout.write(`* Group '${group}' could not be deleted due to: ${javaText(error)}\n`);
  }
  if (deleted.length > 0) {
    io.stdout.write(`\nThese ${kind} groups were deleted successfully: ${quoted(deleted)}\n`);
  }
}
