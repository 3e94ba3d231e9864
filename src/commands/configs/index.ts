/** kafka-configs.sh. Mirrors tools/ConfigCommand. */
import { CommandError, EXIT, errorLine, FlagError } from '../../cli/errors.js';
import type { Command, Io } from '../../cli/io.js';
import { checkAddresses, checkOptions, flags } from './flags.js';

export { flags };

/** the client-side exception that KafkaFuture.get() wraps, like the errors of the protocol */
const KAFKA_EXCEPTION = 'org.apache.kafka.common.KafkaException';

export const command: Command = {
  interruptible: true,
  async run(argv: readonly string[], io: Io): Promise<number> {
    const options = flags.parse(argv);
    const entities = checkOptions(options);
    const [
      { alter },
      { changesOf },
      { describe },
      { loadProperties, openAdmin },
      { bootstrapOf },
      { executionException, JavaError, javaText },
      { KafkaError },
      { ConfigError },
    ] = await Promise.all([
      import('./alter.js'),
      import('./changes.js'),
      import('./describe.js'),
      import('../shared/connection.js'),
      import('../shared/controllers.js'),
      import('../../java/exceptions.js'),
      import('../../protocol/errors.js'),
      import('../../java/config-def.js'),
    ]);
    await checkAddresses(entities);
    // keep passwords from the command line out of the error
    const shown = argv.join(' ').replace(/password=[^\],\s]*/g, 'password=[hidden]');
    const failed = (reason: string) =>
      new CommandError(`Error while executing config command with args '${shown}'\n${reason}`);
    const open = () => {
      try {
        const file = options.value('command-config');
        const properties = file === undefined ? new Map() : loadProperties(file);
        if (options.has('alter') && entities.types.length !== entities.names.length) {
          throw new CommandError('An entity name must be specified for every entity type');
        }
        return openAdmin(io, bootstrapOf(options), properties);
      } catch (error) {
        if (error instanceof FlagError) throw new CommandError(error.message);
        if (error instanceof CommandError && error.cause === undefined) throw error;
        const { cause } = error as Error;
        // the last line is the root cause
        throw failed(cause instanceof ConfigError ? javaText(cause) : (errorLine(error).split('\n').at(-1) as string));
      }
    };
    const cluster = open();
    try {
      if (options.has('describe')) await describe(cluster, entities, options, io);
      else await alter(cluster, entities, changesOf(options), io);
      return EXIT.ok;
    } catch (error) {
      if (error instanceof CommandError) throw error;
      if (error instanceof FlagError) throw new CommandError(error.message);
      const ofFuture =
        error instanceof KafkaError || (error instanceof JavaError && error.javaClass === KAFKA_EXCEPTION);
      throw failed(javaText(ofFuture ? executionException(error) : error));
    } finally {
      void cluster.close();
    }
  },
};
