/** kafka-groups.sh: groups of every type. Mirrors tools/GroupsCommand. */
import { CommandError, EXIT, errorLine } from '../../../cli/errors.js';
import { flag, flagTable, type Options } from '../../../cli/flags.js';
import { type Command, type Io, writeLines } from '../../../cli/io.js';
import { GROUP_TYPES, type GroupListing, listGroups } from '../../../client/admin/groups.js';
import { JavaError, javaText } from '../../../java/exceptions.js';
import { hashOrderBy, javaHash } from '../../../java/hash-order.js';
import { ClientCreationError } from '../../../kafka/client-settings.js';
import { adminCluster, loadProperties } from '../../shared/connection.js';

export const flags = flagTable({
  intro: 'This tool helps to list groups of all types.',
  onParseError: 'usage',
  flags: {
    'bootstrap-server': flag.string('server to connect to', 'REQUIRED: host:port of one or more brokers.', {
      required: true,
    }),
    'command-config': flag.string('command config property file', "File with the client's properties.", {
      completes: 'file',
    }),
    list: flag.switch('List the groups.'),
    'group-type': flag.string('type', "Only groups of one type: 'classic', 'consumer', 'share' or 'streams'.", {
      completes: ['classic', 'consumer', 'share', 'streams'],
    }),
    protocol: flag.string('protocol', 'Only groups of this protocol type.'),
    consumer: flag.switch(
      "Only consumer groups of any kind: type 'consumer', and type 'classic' with protocol 'consumer' or none.",
    ),
    share: flag.switch('Only share groups.'),
    streams: flag.switch('Only streams groups.'),
  },
});
type GroupsOptions = Options<(typeof flags)['flags']>;

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    const options = flags.parse(argv);
    const keep = filterOf(options);
    const file = options.value('command-config');
    const properties = file === undefined ? new Map() : loadProperties(file);
    try {
      const groups = await all(options.value('bootstrap-server') as string, properties, io);
      await writeLines(io.stdout, table(groups.filter(keep)));
      return EXIT.ok;
    } catch (error) {
      throw failed(error);
    }
  },
};

/** As in Java, the error goes to stdout and its cause to stderr. */
function failed(error: unknown): CommandError {
  const text = error instanceof ClientCreationError ? 'Failed to create new KafkaAdminClient' : errorLine(error);
  const cause = error instanceof JavaError ? error.cause : error instanceof ClientCreationError ? error : undefined;
  return new CommandError(text, {
    stdout: `Error while executing groups command : ${text}\n`,
    ...(cause !== undefined && { stderr: `Caused by: ${javaText(cause)}\n` }),
  });
}

async function all(bootstrap: string, properties: Map<string, string>, io: Io): Promise<GroupListing[]> {
  const cluster = adminCluster(io, bootstrap, properties);
  try {
    return hashOrderBy(await listGroups(cluster, {}), ({ groupId }) => javaHash(groupId));
  } finally {
    void cluster.close();
  }
}

/** Returns the one filter. Throws the Java tool's error for flags that exclude each other. */
function filterOf(options: GroupsOptions): (group: GroupListing) => boolean {
  if (!options.has('list')) throw options.usage('Command must include exactly one action: --list.');
  options.forbidden('consumer', 'group-type', 'protocol', 'share', 'streams');
  options.forbidden('share', 'consumer', 'group-type', 'protocol', 'streams');
  options.forbidden('streams', 'consumer', 'group-type', 'protocol', 'share');
  const wanted = options.value('group-type');
  const type = GROUP_TYPES.find((known) => known.toLowerCase() === wanted?.toLowerCase());
  if (wanted !== undefined && type === undefined) throw new CommandError('--group-type must be a valid group type.');
  const protocol = options.value('protocol');
  if (options.has('share')) return (group) => group.type === 'Share';
  if (options.has('streams')) return (group) => group.type === 'Streams';
  if (options.has('consumer')) return isConsumer;
  return (group) =>
    (type === undefined || group.type === type) && (protocol === undefined || group.protocolType === protocol);
}

const isConsumer = ({ type, protocolType }: GroupListing): boolean =>
  type === 'Consumer' || (type === 'Classic' && ['', 'consumer'].includes(protocolType));

/** Three columns of equal width: that of the widest cell of the whole table. */
function table(groups: readonly GroupListing[]): string[] {
  const rows = groups.map(({ groupId, type, protocolType }) => [groupId, type ?? '', protocolType]);
  const width = Math.max(20, ...rows.flat().map((cell) => cell.length));
  const line = (cells: readonly string[]) => cells.map((cell) => cell.padEnd(width)).join(' ');
  return [line(['GROUP', 'TYPE', 'PROTOCOL']), ...rows.map((row) => `${line(row)} `)];
}
