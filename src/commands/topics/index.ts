import type { Command, Io } from '../../cli/io.js';
import { checkInvalid, checkOptions, checkRequired, flags } from './flags.js';

export { flags };

/** kafka-topics.sh. Mirrors tools/TopicCommand. */
export const command: Command = {
  interruptible: true,
  async run(argv: readonly string[], io: Io): Promise<number> {
    const options = flags.parse(argv);
    const action = checkOptions(options, io);
    const bootstrap = options.value('bootstrap-server');
    checkRequired(options, bootstrap, io);
    checkInvalid(options);
    // load the client only now, so that --help and usage errors are fast
    const { runAction } = await import('./run.js');
    return runAction(action, options, bootstrap!, io);
  },
};
