/** `--list`. Mirrors StreamsGroupCommand.StreamsGroupService.listGroups. */
import { writeLines } from '../../../cli/io.js';
import { JavaError } from '../../../java/exceptions.js';
import { type Streams, streamsGroups } from './service.js';

const STATES = ['Assigning', 'Stable', 'Reconciling', 'NotReady', 'Dead', 'Empty'];

export async function run(streams: Streams): Promise<undefined> {
  const { options, io } = streams;
  const withState = options.has('state');
  const groups = await streamsGroups(streams, withState ? statesOf(options.value('state')) : []);
  if (!withState)
    return void (await writeLines(
      io.stdout,
      groups.map(({ groupId }) => groupId),
    ));
  const width = Math.max(15, ...groups.map(({ groupId }) => groupId.length));
  const line = (group: string, state: string) => `${group.padEnd(width)} ${state}`;
  const rows = groups.map(({ groupId, state }) => line(groupId, state ?? 'Unknown'));
  await writeLines(io.stdout, [line('GROUP', 'STATE'), ...rows]);
}

/** State names are case-insensitive, with or without underscores. */
function statesOf(input: string | undefined): string[] {
  if (!input) return [];
  return input.split(',').map((word) => {
    const wanted = word.trim().toLowerCase().replaceAll('_', '');
    const known = STATES.find((state) => state.toLowerCase() === wanted);
    if (known !== undefined) return known;
    const message = `Invalid state list '${input}'. Valid states are: ${STATES.join(', ')}`;
    throw new JavaError('java.lang.IllegalArgumentException', message);
  });
}
