/** kafka-share-groups.sh: mirrors tools/consumer/group/ShareGroupCommand. */
import { EXIT } from '../../../cli/errors.js';
import type { Command, Io } from '../../../cli/io.js';
import { failedAction, openGroupCluster, timeoutOf } from '../shared/group-command.js';
import { type Action, checkFlags, flags } from './flags.js';
import type { ShareGroupService } from './service.js';

export { flags };

const ACTIONS: Readonly<Record<Action, () => Promise<{ run(service: ShareGroupService): Promise<void> }>>> = {
  list: () => import('./list.js'),
  describe: () => import('./describe.js'),
  delete: () => import('./delete.js'),
  'reset-offsets': () => import('./reset-offsets.js'),
  'delete-offsets': () => import('./delete-offsets.js'),
};

export const command: Command = {
  interruptible: true,
  async run(argv: readonly string[], io: Io): Promise<number> {
    const options = flags.parse(argv);
    const { run } = await ACTIONS[checkFlags(options)]();
    let service: ShareGroupService | undefined;
    try {
      const cluster = openGroupCluster(options, io);
      service = { cluster, options, io, timeoutMs: timeoutOf(options.value('timeout')) };
      await run(service);
    } catch (error) {
      return failedAction('share', error, (message) => options.usage(message), io);
    } finally {
      await service?.cluster.close();
    }
    return EXIT.ok;
  },
};
