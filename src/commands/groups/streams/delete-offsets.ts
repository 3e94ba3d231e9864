/** `--delete-offsets`. Mirrors StreamsGroupCommand.StreamsGroupService.deleteOffsets. */
import { deleteOffsets } from '../shared/delete-offsets.js';
import { asConsumerGroups, inputPartitions, type Streams } from './service.js';

export async function run(streams: Streams): Promise<undefined> {
  const { options } = streams;
  const group = options.values('group')[0] as string;
  const all = options.has('all-input-topics') ? await inputPartitions(streams, group) : [];
  const named = all.map(({ topic, partition }) => `${topic}:${partition}`);
  await deleteOffsets(asConsumerGroups(streams), group, [...options.values('input-topic'), ...named]);
}
