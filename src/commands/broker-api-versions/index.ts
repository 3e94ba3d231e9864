/** kafka-broker-api-versions.sh. Mirrors tools/BrokerApiVersionsCommand. */
import { CommandError, EXIT, errorLine } from '../../cli/errors.js';
import { flag, flagTable } from '../../cli/flags.js';
import type { Command } from '../../cli/io.js';
import { parseBootstrap } from '../../client/cluster/bootstrap.js';
import { DisconnectError } from '../../client/cluster/failures.js';
import type { Cluster, Node } from '../../client/cluster/types.js';
import { hashOrderBy, javaHash } from '../../java/hash-order.js';
import { metadata } from '../../protocol/apis/03-metadata.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { apiVersionsLine, nodeText } from '../shared/api-versions-text.js';
import { loadProperties, openCluster } from '../shared/connection.js';

export const flags = flagTable({
  intro: 'This tool helps to retrieve broker version information.',
  onParseError: 'message',
  flags: {
    'bootstrap-server': flag.string(
      'server(s) to use for bootstrapping',
      'REQUIRED: host:port of one or more brokers.',
    ),
    'command-config': flag.string('command config property file', "File with the client's properties.", {
      completes: 'file',
    }),
  },
});

/** The Java tool's client has a shorter request timeout than the admin client's default. */
const REQUEST_TIMEOUT = ['request.timeout.ms', '5000'] as const;

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    const options = flags.parse(argv);
    options.required('bootstrap-server');
    const file = options.value('command-config');
    const properties = new Map([REQUEST_TIMEOUT, ...(file === undefined ? [] : loadProperties(file))]);
    const bootstrap = options.value('bootstrap-server') as string;
    let cluster: Cluster | undefined;
    try {
      cluster = openCluster(io, { bootstrap, properties, clientId: 'admin-1' });
      for (const node of await brokers(cluster, bootstrap))
        io.stdout.write(`${await apiVersionsLine(cluster, node, { retry: false })}\n`);
      return EXIT.ok;
    } catch (error) {
      throw error instanceof CommandError ? error : new CommandError(errorLine(error));
    } finally {
      void cluster?.close();
    }
  },
};

/** Mirrors common/Node.hashCode. */
function nodeHash({ host, id, port, rack }: Node): number {
  const numbers = [javaHash(host), id, port, rack === null ? 0 : javaHash(rack), 1237];
  return numbers.reduce((hash, number) => (Math.imul(31, hash) + number) | 0, 1);
}

/** Every broker of the cluster, in the order of Java's HashMap. Does not retry. */
async function brokers(cluster: Cluster, bootstrap: string): Promise<Node[]> {
  try {
    const response = await cluster.send(metadata, { topics: [], allowAutoTopicCreation: false }, { retry: false });
    const nodes = response.brokers.map(({ nodeId, host, port, rack }) => ({ id: nodeId, host, port, rack }));
    return hashOrderBy(nodes, nodeHash);
  } catch (error) {
    const controller = error instanceof KafkaError && error.code === Errors.UNSUPPORTED_VERSION;
    if (!(error instanceof DisconnectError) && !controller) throw error;
    const asked = parseBootstrap(bootstrap).map(({ host, port }, i) =>
      nodeText({ host, port, id: -1 - i, rack: null }),
    );
    throw new CommandError(`Request METADATA failed on brokers [${asked.join(', ')}]`, { cause: error });
  }
}
