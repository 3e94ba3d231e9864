/** `--delete`. Mirrors StreamsGroupCommand.StreamsGroupService.deleteGroups. */
import { deleteGroups } from '../../../client/admin/groups.js';
import { JavaError } from '../../../java/exceptions.js';
import { Errors, KafkaError } from '../../../protocol/errors.js';
import { reportDeleted } from '../shared/delete.js';
import { groupOrder } from '../shared/service.js';
import { deleteWithGroups, internalTopics } from './internal-topics.js';
import { chosenGroups, type Streams, streamsGroups } from './service.js';

export async function run(streams: Streams): Promise<undefined> {
  const { cluster, io, timeoutMs } = streams;
  const chosen = await chosenGroups(streams);
  const states = new Map((await streamsGroups(streams)).map(({ groupId, state }) => [groupId, state]));
  const refused = new Map<string, Error>();
  for (const group of chosen) {
    if (!states.has(group)) {
      const why = `Group '${group}' does not exist or is not a streams group.`;
      refused.set(group, new JavaError('java.lang.IllegalArgumentException', why));
    } else if (states.get(group) !== 'Empty') {
      refused.set(group, new KafkaError(Errors.NON_EMPTY_GROUP, `Streams group '${group}' is not EMPTY.`));
    }
  }
  const deletable = chosen.filter((group) => !refused.has(group));
  const all = streams.options.has('delete-all-internal-topics');
  const topics = all ? await internalTopics(streams, deletable) : new Map<string, string[]>();
  const outcomes = await deleteGroups(cluster, deletable, timeoutMs);
  const ordered = groupOrder(new Map<string, Error | undefined>([...refused, ...outcomes]), ([group]) => group);
  io.stdout.write(reportDeleted('streams', ordered));
  const deleted = [...outcomes].filter(([, error]) => error === undefined).map(([group]) => group);
  io.stdout.write(await deleteWithGroups(streams, deleted, topics));
}
