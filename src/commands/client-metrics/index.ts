/** kafka-client-metrics.sh. Mirrors tools/ClientMetricsCommand. */
import { CommandError, EXIT, errorLine } from '../../cli/errors.js';
import type { Command } from '../../cli/io.js';
import type { Cluster } from '../../client/cluster/types.js';
import { javaText } from '../../java/exceptions.js';
import { ClientCreationError } from '../../kafka/client-settings.js';
import { checkOptions, flags } from './flags.js';

export { flags };

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    const options = flags.parse(argv);
    const action = checkOptions(options);
    const [{ ACTIONS }, { adminCluster, loadProperties }] = await Promise.all([
      import('./actions.js'),
      import('../shared/connection.js'),
    ]);
    const file = options.value('command-config');
    const properties = file === undefined ? new Map<string, string>() : loadProperties(file);
    const bootstrap = options.value('bootstrap-server') as string;
    let cluster: Cluster | undefined;
    try {
      cluster = adminCluster(io, bootstrap, properties);
      await ACTIONS[action](cluster, options, io);
      return EXIT.ok;
    } catch (error) {
      throw failed(error);
    } finally {
      void cluster?.close();
    }
  },
};

/** As in Java, the error goes to stdout; the reason why a client could not be created goes to stderr, where Java logs it. */
function failed(error: unknown): CommandError {
  const uncreated = error instanceof ClientCreationError;
  const message = uncreated ? 'Failed to create new KafkaAdminClient' : errorLine(error);
  return new CommandError(message, {
    stdout: `Error while executing client metrics command : ${message}\n`,
    ...(uncreated && { stderr: `Caused by: ${javaText(error)}\n` }),
  });
}
