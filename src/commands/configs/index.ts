/** kafka-configs.sh. Mirrors core/ConfigCommand. */
import { CommandError, EXIT, errorLine, FlagError } from '../../cli/errors.js';
import type { Command, Io } from '../../cli/io.js';
import { noControllers } from '../shared/controllers.js';
import { checkAddresses, checkOptions, flags } from './flags.js';

export { flags };

export const command: Command = {
  interruptible: true,
  async run(argv: readonly string[], io: Io): Promise<number> {
    const options = flags.parse(argv);
    const entities = checkOptions(options);
    if (options.has('bootstrap-controller')) throw noControllers();
    const [
      { alter },
      { changesOf },
      { describe },
      { loadProperties, openAdmin },
      { executionException, javaText },
      { KafkaError },
      { ConfigError },
    ] = await Promise.all([
      import('./alter.js'),
      import('./changes.js'),
      import('./describe.js'),
      import('../shared/connection.js'),
      import('../../java/exceptions.js'),
      import('../../protocol/errors.js'),
      import('../../java/config-def.js'),
    ]);
    await checkAddresses(entities);
    // a password that was typed is not said again
    const shown = argv.join(' ').replace(/password=[^\],\s]*/g, 'password=[hidden]');
    const failed = (reason: string) =>
      new CommandError(`Error while executing config command with args '${shown}'\n${reason}`);
    const open = () => {
      try {
        const file = options.value('command-config');
        const properties = file === undefined ? new Map() : loadProperties(file);
        return openAdmin(io, options.value('bootstrap-server') as string, properties);
      } catch (error) {
        if (error instanceof FlagError) throw new CommandError(error.message);
        const { cause } = error as Error;
        // the reason stands in the last line
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
      throw failed(javaText(error instanceof KafkaError ? executionException(error) : error));
    } finally {
      void cluster.close();
    }
  },
};
