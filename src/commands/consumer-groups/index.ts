/** kafka-consumer-groups.sh: mirrors tools/consumer/group/ConsumerGroupCommand. */
import { readFileSync } from 'node:fs';
import { CommandError, FlagError } from '../../cli/errors.js';
import type { Command, Io } from '../../cli/io.js';
import { ConfigError } from '../../client/config.js';
import { connect } from '../../client/connect.js';
import { JavaError, javaText } from '../../client/java-names.js';
import { parseProperties } from '../../client/properties.js';
import { type Action, checkFlags, flags, type GroupOptions } from './flags.js';
import { errorText, type Service } from './service.js';

export { flags };

const ACTIONS: Readonly<Record<Action, () => Promise<{ run(service: Service): Promise<void> }>>> = {
  list: () => import('./list.js'),
  describe: () => import('./describe.js'),
  delete: () => import('./delete.js'),
  'reset-offsets': () => import('./reset-offsets.js'),
  'delete-offsets': () => import('./delete-offsets.js'),
  'validate-regex': () => import('./validate-regex.js'),
};

export const command: Command = {
  interruptible: true,
  async run(argv: readonly string[], io: Io): Promise<number> {
    const options = flags.parse(argv);
    const action = checkFlags(options, (text) => io.stderr.write(text));
    const { run } = await ACTIONS[action]();
    try {
      const cluster = action === 'validate-regex' ? undefined : open(options, io);
      const timeoutMs = Math.max(0, Number(BigInt.asIntN(32, options.value('timeout'))));
      await run({ cluster, options, io, timeoutMs } as Service).finally(() => cluster?.close());
    } catch (error) {
      if (error instanceof CommandError) throw error;
      if (error instanceof JavaError && error.javaClass === 'java.lang.IllegalArgumentException') {
        throw options.usage(error.message);
      }
      io.stdout.write(errorText(`Executing consumer group command failed due to ${(error as Error).message}`));
    }
    return 0;
  },
};

/** A failure to even make the client has Java's words on stdout and its reason on stderr. */
function open(options: GroupOptions, io: Io) {
  try {
    const file = options.value('command-config');
    const properties = file === undefined ? new Map<string, string>() : parseProperties(readFileSync(file, 'latin1'));
    return connect({
      bootstrap: options.value('bootstrap-server') as string,
      properties,
      clientId: 'adminclient-1',
      env: io.env,
    });
  } catch (error) {
    if (error instanceof FlagError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new JavaError('x', `java.nio.file.NoSuchFileException: ${(error as NodeJS.ErrnoException).path}`);
    }
    if (!(error instanceof ConfigError)) throw error;
    io.stderr.write(`Caused by: ${javaText(error)}\n`);
    throw new JavaError('org.apache.kafka.common.KafkaException', 'Failed to create new KafkaAdminClient');
  }
}
