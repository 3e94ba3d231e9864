/** kafka-reassign-partitions.sh. Mirrors tools/reassign/ReassignPartitionsCommand. */
import { EXIT } from '../../cli/errors.js';
import type { Command, Io } from '../../cli/io.js';
import type { Cluster } from '../../client/cluster/types.js';
import { bootstrapOf } from '../shared/controllers.js';
import { type Action, checkOptions, flags, type ReassignOptions } from './flags.js';

export { flags };

type Run = (cluster: Cluster, options: ReassignOptions, io: Io) => Promise<void>;

const ACTIONS: Readonly<Record<Action, () => Promise<{ run: Run }>>> = {
  generate: () => import('./generate.js'),
  execute: () => import('./execute.js'),
  verify: () => import('./verify.js'),
  cancel: () => import('./cancel.js'),
  list: () => import('./list.js'),
};

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    const options = flags.parse(argv);
    const action = checkOptions(options);
    const [{ run }, { adminCluster, loadProperties }, { tracedFailure }] = await Promise.all([
      ACTIONS[action](),
      import('../shared/connection.js'),
      import('../shared/stack-trace.js'),
    ]);
    let cluster: Cluster | undefined;
    try {
      const file = options.value('command-config');
      const properties = file === undefined ? new Map<string, string>() : loadProperties(file);
      cluster = adminCluster(io, bootstrapOf(options), properties);
      await run(cluster, options, io);
      return EXIT.ok;
    } catch (error) {
      throw tracedFailure('Error: ', error);
    } finally {
      void cluster?.close();
    }
  },
};
