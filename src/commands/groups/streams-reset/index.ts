/** kafka-streams-application-reset.sh. Mirrors tools/StreamsResetter. */
import { CommandError, UsageError } from '../../../cli/errors.js';
import type { Command, Io } from '../../../cli/io.js';
import { describeGroups, type MemberDescription } from '../../../client/admin/describe-groups.js';
import { removeMembers } from '../../../client/admin/remove-members.js';
import { deleteTopics } from '../../../client/admin/topics.js';
import { executionException, JavaError, javaText, rootCause } from '../../../java/exceptions.js';
import { hashOrder } from '../../../java/hash-order.js';
import { ClientCreationError } from '../../../kafka/client-settings.js';
import { isInternalTopic } from '../../../kafka/streams-topics.js';
import { partitionName, type TopicPartition } from '../../../kafka/topic-partition.js';
import { Errors, KafkaError } from '../../../protocol/errors.js';
import { adminCluster, loadProperties } from '../../shared/connection.js';
import { javaException } from '../../shared/stack-trace.js';
import { checkFlags, flags, type ResetOptions } from './flags.js';
import { resetOffsets } from './offsets.js';
import type { Application } from './positions.js';

export { flags };

/** Java's timeout for describing the group, ms */
const DESCRIBE_MS = 10_000;
const REMOVAL_TRIES = 3;

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    const options = flags.parse(argv);
    checkFlags(options);
    try {
      return await reset(options, io);
    } catch (error) {
      throw failed(error);
    }
  },
};

/** Java prints the error and its stack trace; of the trace, we print the root cause unless the error contains it. */
function failed(error: unknown): CommandError {
  // our client is created on first use, so its creation error can be wrapped; Java's fails earlier, unwrapped
  const root = rootCause(error);
  const seen = javaException(root instanceof ClientCreationError ? root : error);
  if (seen instanceof UsageError) return seen;
  const text = javaText(seen);
  const cause = javaText(rootCause(seen));
  return new CommandError(`ERROR: ${text}${text.includes(cause) ? '' : `\nCaused by: ${cause}`}`);
}

async function reset(options: ResetOptions, io: Io): Promise<number> {
  const say = (line: string) => void io.stdout.write(`${line}\n`);
  const complain = (line: string) => void io.stderr.write(`${line}\n`);
  const id = options.value('application-id') as string;
  if (options.has('config-file'))
    say(
      'Option --config-file has been deprecated and will be removed in a future version. Use --command-config instead.',
    );
  const file = options.value(options.has('config-file') ? 'config-file' : 'command-config');
  const properties = file === undefined ? new Map<string, string>() : loadProperties(file);
  const cluster = adminCluster(io, options.value('bootstrap-server') ?? 'localhost:9092', properties);
  const application: Application = { cluster, options, id, properties, say };
  try {
    await requireNoMembers(application);
    const { topics } = await cluster.metadata(null, { call: 'listTopics' });
    const known = hashOrder(topics.filter((topic) => !topic.isInternal).map(({ name }) => name));
    if (options.has('dry-run'))
      say('----Dry run displays the actions which will be performed when running Streams Reset Tool----');
    const code = await resetOffsets(application, new Set(known), complain);
    await deleteInternalTopics(application, known, complain);
    return code;
  } finally {
    void cluster.close();
  }
}

/** The group must have no members; --force removes them. Mirrors StreamsResetter.maybeDeleteActiveConsumers. */
async function requireNoMembers({ cluster, options, id, say }: Application): Promise<void> {
  for (let tries = 0; ; tries++) {
    const group = (await describeGroups(cluster, [id], DESCRIBE_MS)).get(id);
    if (group instanceof KafkaError && group.code === Errors.GROUP_ID_NOT_FOUND) return;
    if (group instanceof Error) throw executionException(group);
    if (group === undefined || group.members.length === 0) return;
    if (!options.has('force')) throw new JavaError('java.lang.IllegalStateException', stillActive(id, group.members));
    say(`Force deleting all active members in the group: ${id}`);
    try {
      return await removeMembers(cluster, id, group.members);
    } catch (error) {
      const left = error instanceof KafkaError && error.code === Errors.UNKNOWN_MEMBER_ID;
      if (!left || tries >= REMOVAL_TRIES) throw error;
    }
  }
}

const stillActive = (id: string, members: readonly MemberDescription[]): string =>
  `Consumer group '${id}' is still active and has following members: [${members.map(memberText).join(', ')}]. ` +
  'Make sure to stop all running application instances before running the reset tool. ' +
  "You can use option '--force' to remove active members from the group.";

/** Mirrors MemberDescription.toString(). */
function memberText(member: MemberDescription): string {
  const assigned = (list: readonly TopicPartition[]) => `(topicPartitions=${list.map(partitionName).join(',')})`;
  const target = member.memberEpoch === undefined ? 'Optional.empty' : `Optional[${assigned(member.targetAssignment)}]`;
  const parts = {
    memberId: member.memberId,
    groupInstanceId: member.instanceId ?? null,
    rackId: member.rackId ?? null,
    clientId: member.clientId,
    host: member.host,
    assignment: assigned(member.assignment),
    targetAssignment: target,
    memberEpoch: member.memberEpoch ?? null,
    upgraded: member.upgraded ?? null,
  };
  const text = Object.entries(parts).map(([name, value]) => `${name}=${value}`);
  return `(${text.join(', ')})`;
}

/** Mirrors StreamsResetter.maybeDeleteInternalTopics. */
async function deleteInternalTopics(
  { cluster, options, id, say }: Application,
  known: readonly string[],
  complain: (line: string) => void,
): Promise<void> {
  const mentioned = new Set([...options.values('input-topics'), ...options.values('intermediate-topics')]);
  const inferred = known.filter((topic) => !mentioned.has(topic) && isInternalTopic(id, topic));
  const specified = options.values('internal-topics');
  if (!specified.every((topic) => inferred.includes(topic))) {
    const why =
      'Invalid topic specified in the --internal-topics option. Ensure that the topics specified are all internal topics. ' +
      'Do a dry run without the --internal-topics option to see the list of all internal topics that can be deleted.';
    throw new JavaError('java.lang.IllegalArgumentException', why);
  }
  const topics = specified.length > 0 ? specified : inferred;
  say(`Deleting ${specified.length > 0 ? 'specified' : 'inferred'} internal topics [${topics.join(', ')}]`);
  if (!options.has('dry-run')) {
    const outcomes = await deleteTopics(cluster, hashOrder([...new Set(topics)]));
    const failures = [...outcomes].filter(([, outcome]) => outcome !== undefined);
    for (const [topic, outcome] of failures)
      complain(`ERROR: deleting topic ${topic}\n${javaText(executionException(outcome))}`);
    if (failures.length > 0)
      throw new JavaError('java.lang.RuntimeException', 'Encountered an error deleting one or more topics');
  }
  say('Done.');
}
