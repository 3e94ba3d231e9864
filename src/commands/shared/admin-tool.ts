/** Shared by the admin tools that parse their arguments with argparse4j. */
import type { ArgumentSpec, Arguments } from '../../cli/argparse/index.js';
import { CommandError, errorLine } from '../../cli/errors.js';
import type { Io } from '../../cli/io.js';
import type { Cluster } from '../../client/cluster/types.js';
import { executionException } from '../../java/exceptions.js';
import type { Properties } from '../../java/properties.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { noClient, openCluster } from './connection.js';
import { logEvent } from './log-event.js';

/** Name of the argument group. */
export const BOOTSTRAP = 'bootstrap';

/** --bootstrap-server and --bootstrap-controller, which are mutually exclusive. `shorts`: their short options. */
export const bootstrapArguments = (shorts: readonly [string?, string?] = []): ArgumentSpec[] => [
  {
    names: ['--bootstrap-server', ...(shorts[0] ? [shorts[0]] : [])],
    group: BOOTSTRAP,
    help: 'host:port of one or more brokers, comma-separated.',
  },
  {
    names: ['--bootstrap-controller', ...(shorts[1] ? [shorts[1]] : [])],
    group: BOOTSTRAP,
    help: 'host:port of one or more KRaft controllers, comma-separated.',
  },
];

/**
 * Connects to the brokers or controllers of the arguments. Throws CommandError with the messages of
 * CommandLineUtils.initializeBootstrapProperties, or for invalid settings. `quiet`: no warnings about unknown properties.
 */
export function openTool(io: Io, args: Arguments, properties: Properties, { quiet = false } = {}): Cluster {
  const servers = args.text('bootstrap-server');
  const bootstrap = servers ?? args.text('bootstrap-controller');
  if (bootstrap === undefined) {
    throw new CommandError('You must specify either --bootstrap-controller or --bootstrap-server.');
  }
  const controllers = servers === undefined;
  const warn = quiet ? { warn: () => {} } : {};
  try {
    return openCluster(io, { bootstrap, controllers, properties, clientId: 'adminclient-1', admin: true, ...warn });
  } catch (error) {
    throw noClient(error);
  }
}

/** Runs `work` and closes the cluster. A KafkaError becomes a CommandError with the message of KafkaFuture.get()'s exception. */
export async function withTool<T>(cluster: Cluster, work: (cluster: Cluster) => Promise<T>): Promise<T> {
  try {
    return await work(cluster);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const message = error instanceof KafkaError ? executionException(error).message : errorLine(error);
    throw new CommandError(message, { stderr: `${wrongEndpoint(error)}${message}\n` });
  } finally {
    void cluster.close();
  }
}

/** Connected to brokers instead of controllers, or vice versa: Java's admin client logs this before the tool prints it. */
function wrongEndpoint(error: unknown): string {
  if (!(error instanceof KafkaError) || error.code !== Errors.MISMATCHED_ENDPOINT_TYPE) return '';
  const text = '[AdminClient clientId=adminclient-1] Fatal error during metadata update';
  const event = logEvent('WARN', text, 'org.apache.kafka.clients.admin.internals.AdminMetadataManager');
  return `${event}${executionException(error).message}\n`;
}
