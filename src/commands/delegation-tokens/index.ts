/** kafka-delegation-tokens.sh. Mirrors tools/DelegationTokenCommand. */
import { EXIT } from '../../cli/errors.js';
import type { Command } from '../../cli/io.js';
import type { Cluster } from '../../client/cluster/types.js';
import { adminCluster, loadProperties } from '../shared/connection.js';
import { plainFailure } from '../shared/stack-trace.js';
import { ACTIONS } from './actions.js';
import { checkOptions, flags } from './flags.js';

export { flags };

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    const options = flags.parse(argv);
    const action = checkOptions(options);
    let cluster: Cluster | undefined;
    try {
      const properties = loadProperties(options.value('command-config') as string);
      cluster = adminCluster(io, options.value('bootstrap-server') as string, properties);
      await ACTIONS[action](cluster, options, io);
      return EXIT.ok;
    } catch (error) {
      throw plainFailure(error);
    } finally {
      void cluster?.close();
    }
  },
};
