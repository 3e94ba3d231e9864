/** kafka-cluster.sh. Mirrors tools/ClusterTool. */
import { type Arguments, parseArguments } from '../../cli/argparse/index.js';
import { CommandError, EXIT } from '../../cli/errors.js';
import { type Command, type Io, writeLines } from '../../cli/io.js';
import {
  type ClusterNode,
  describeCluster,
  unregisterBroker,
  unregisterController,
} from '../../client/admin/cluster.js';
import type { Cluster } from '../../client/cluster/types.js';
import { executionException } from '../../java/exceptions.js';
import { hashOrderBy } from '../../java/hash-order.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { openTool, withTool } from '../shared/admin-tool.js';
import { apiVersionsLine } from '../shared/api-versions-text.js';
import { loadProperties } from '../shared/connection.js';
import { logEvent } from '../shared/log-event.js';
import { parser } from './parser.js';

export { parser };

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    const args = parseArguments(parser, argv, io);
    const cluster = openTool(io, args, properties(args, io));
    const lines = await withTool(cluster, (open) => RUN[args.command!]!(open, args));
    await writeLines(io.stdout, lines);
    return EXIT.ok;
  },
};

function properties(args: Arguments, io: Io): Map<string, string> {
  const old = args.text('config');
  const file = args.text('command-config');
  if (old !== undefined && file !== undefined) {
    throw new CommandError('--config and --command-config cannot be specified together.');
  }
  if (old !== undefined) {
    io.stdout.write(
      'Option --config has been deprecated and will be removed in a future version. Use --command-config instead.\n',
    );
  }
  const used = old ?? file;
  return used === undefined ? new Map() : loadProperties(used);
}

type Run = (cluster: Cluster, args: Arguments) => Promise<string[]>;

const RUN: Readonly<Record<string, Run>> = {
  'cluster-id': async (cluster) => {
    const { clusterId } = await describeCluster(cluster);
    if (clusterId === null) return ['No cluster ID found. The Kafka version is probably too old.'];
    return [`Cluster ID: ${clusterId}`];
  },
  unregister: async (cluster, args) => {
    const id = args.number('id') as number;
    try {
      await unregisterBroker(cluster, id);
      return [`Broker ${id} is no longer registered.`];
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      if (error.code !== Errors.UNSUPPORTED_VERSION) throw refused('broker', id, error);
      return ['The target cluster does not support the broker unregistration API.'];
    }
  },
  'unregister-controller': async (cluster, args) => {
    const id = args.number('id') as number;
    try {
      await unregisterController(cluster, id);
      return [`Controller ${id} is no longer registered.`];
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      if (error.code !== Errors.UNSUPPORTED_VERSION) throw refused('controller', id, error);
      return ['The target cluster does not support the controller unregistration API.'];
    }
  },
  'list-endpoints': async (cluster, args) => {
    const controllers = cluster.atControllers;
    const includeFencedBrokers = args.has('include-fenced-brokers');
    if (controllers && includeFencedBrokers) {
      throw new CommandError('The option --include-fenced-brokers is only supported with --bootstrap-server option');
    }
    const { nodes } = await describeCluster(cluster, { includeFencedBrokers });
    return table(
      hashOrderBy([...nodes], ({ id }) => id),
      controllers,
    );
  },
  'api-versions': async (cluster) => {
    const { nodes } = await describeCluster(cluster);
    const lines: string[] = [];
    for (const node of [...nodes].sort((a, b) => a.id - b.id)) lines.push(await apiVersionsLine(cluster, node));
    return lines;
  },
};

/** Java's admin client logs this error before the tool prints it. */
function refused(what: 'broker' | 'controller', id: number, error: KafkaError): CommandError {
  const text = `[AdminClient clientId=adminclient-1] Unregister ${what} request for ${what} ID ${id} failed: ${error.message}`;
  const event = logEvent('ERROR', text, 'org.apache.kafka.clients.admin.KafkaAdminClient');
  const { message } = executionException(error);
  return new CommandError(message, { stderr: `${event}${message}\n` });
}

function table(nodes: readonly ClusterNode[], controllers: boolean): string[] {
  const widest = (texts: readonly string[], none: number) =>
    texts.length === 0 ? none : Math.max(...texts.map((text) => text.length));
  const host = widest(
    nodes.map((node) => node.host),
    100,
  );
  const rack = widest(
    nodes.flatMap((node) => node.rack ?? []),
    10,
  );
  const widths = controllers ? [10, host, 10, rack, 15] : [10, host, 10, rack, 10, 15];
  const line = (cells: readonly (string | number)[]) =>
    cells.map((cell, i) => String(cell).padEnd(widths[i]!)).join(' ');
  const rows = nodes.map(({ id, host: at, port, rack: where, isFenced }) => [
    ...[id, at, port, where ?? 'null'],
    ...(controllers ? ['controller'] : [isFenced ? 'fenced' : 'unfenced', 'broker']),
  ]);
  const head = ['ID', 'HOST', 'PORT', 'RACK', ...(controllers ? [] : ['STATE']), 'ENDPOINT_TYPE'];
  return [head, ...rows].map(line);
}
