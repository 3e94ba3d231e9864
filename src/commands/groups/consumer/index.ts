/** kafka-consumer-groups.sh: mirrors tools/consumer/group/ConsumerGroupCommand. */
import { CommandError, EXIT, errorLine } from '../../../cli/errors.js';
import type { Command, Io } from '../../../cli/io.js';
import { JavaError, rootCause } from '../../../java/exceptions.js';
import { failedAction, openGroupCluster, timeoutOf } from '../shared/group-command.js';
import { hintGroups, isUnknown, type Service } from '../shared/service.js';
import { type Action, checkFlags, flags, type GroupOptions, wantsJson } from './flags.js';

export { flags };

const ACTIONS: Readonly<Record<Action, () => Promise<{ run(service: Service): Promise<void> }>>> = {
  list: () => import('../shared/list.js'),
  describe: () => import('./describe.js'),
  delete: () => import('../shared/delete.js'),
  'reset-offsets': () => import('../shared/reset-offsets.js'),
  'delete-offsets': () => import('../shared/delete-offsets.js'),
  'validate-regex': () => import('./validate-regex.js'),
};

export const command: Command = {
  interruptible: true,
  async run(argv: readonly string[], io: Io): Promise<number> {
    const options = flags.parse(argv);
    const action = checkFlags(options, (text) => io.stderr.write(text));
    const { run } = await ACTIONS[action]();
    let service: Service | undefined;
    try {
      const offline = action === 'validate-regex';
      const cluster = offline ? undefined : openGroupCluster(options, io);
      if (!offline) readNumbers(options);
      const timeoutMs = offline ? 0 : timeoutOf(options.value('timeout'));
      service = { cluster, options, io, timeoutMs } as Service;
      await run(service);
    } catch (error) {
      // stdout is a JSON document or nothing, so that it can be piped to jq
      if (wantsJson(options) && !isUsage(error)) {
        throw new CommandError(errorLine(rootCause(error)), { cause: error });
      }
      const code = failedAction('consumer', error, (message) => options.usage(message), io);
      if (service && isUnknown(rootCause(error))) await hintGroups(service);
      return code;
    } finally {
      await service?.cluster?.close();
    }
    return EXIT.ok;
  },
};

/** Java parses the numeric flags of --reset-offsets for every action, so an invalid number fails all of them. */
function readNumbers(options: GroupOptions): void {
  options.values('to-offset');
  options.value('by-duration');
  options.value('shift-by');
}

const isUsage = (error: unknown): boolean =>
  error instanceof CommandError ||
  (error instanceof JavaError && error.javaClass === 'java.lang.IllegalArgumentException');
