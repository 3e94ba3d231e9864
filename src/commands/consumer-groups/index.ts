/** kafka-consumer-groups.sh: mirrors tools/consumer/group/ConsumerGroupCommand. */
import { CommandError, EXIT, errorLine } from '../../cli/errors.js';
import type { Command, Io } from '../../cli/io.js';
import type { Cluster } from '../../client/cluster.js';
import { ClientCreationError } from '../../client/config.js';
import { JavaError, javaText, rootCause } from '../../client/java-names.js';
import { parseProperties } from '../../client/properties.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { adminCluster, readProperties } from '../connection.js';
import { type Action, checkFlags, flags, type GroupOptions, wantsJson } from './flags.js';
import { errorText, hintGroups, isUnknown, type Service } from './service.js';

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
    let service: Service | undefined;
    try {
      const offline = action === 'validate-regex';
      const cluster = offline ? undefined : open(options, io);
      if (!offline) readNumbers(options);
      const timeoutMs = offline ? 0 : Math.max(0, Number(BigInt.asIntN(32, options.value('timeout'))));
      service = { cluster, options, io, timeoutMs } as Service;
      await run(service);
    } catch (error) {
      if (error instanceof CommandError) throw error;
      if (error instanceof JavaError && error.javaClass === 'java.lang.IllegalArgumentException') {
        throw options.usage(error.message);
      }
      // a document or nothing: stdout goes to jq
      if (wantsJson(options)) throw new CommandError(errorLine(rootCause(error)), { cause: error });
      io.stdout.write(errorText(`Executing consumer group command failed due to ${explain(error, io)}`));
      if (service && isUnknown(rootCause(error))) await hintGroups(service);
      // Java ends with 0 here too; that no retry can help must not look like success
      return isAuthenticationFailure(rootCause(error)) ? EXIT.failure : EXIT.ok;
    } finally {
      await service?.cluster?.close();
    }
    return EXIT.ok;
  },
};

/** Java reads what only --reset-offsets uses for every action: a word among the numbers ends them all. */
function readNumbers(options: GroupOptions): void {
  options.values('to-offset');
  options.value('by-duration');
  options.value('shift-by');
}

const isAuthenticationFailure = (error: unknown): boolean =>
  error instanceof KafkaError && error.code === Errors.SASL_AUTHENTICATION_FAILED;

function open(options: GroupOptions, io: Io): Cluster {
  const file = options.value('command-config');
  const properties = file === undefined ? new Map<string, string>() : load(file);
  const bootstrap = options.value('bootstrap-server') as string;
  return adminCluster(io, bootstrap, properties);
}

function load(file: string): Map<string, string> {
  const text = readText(file);
  try {
    return parseProperties(text);
  } catch (error) {
    throw new JavaError('java.lang.IllegalArgumentException', errorLine(error));
  }
}

const FILE_EXCEPTIONS: Readonly<Record<string, (file: string) => string>> = {
  ENOENT: (file) => `java.nio.file.NoSuchFileException: ${file}`,
  EACCES: (file) => `java.nio.file.AccessDeniedException: ${file}`,
  EISDIR: () => 'java.io.IOException: Is a directory',
};

function readText(file: string): string {
  try {
    return readProperties(file);
  } catch (error) {
    const said = FILE_EXCEPTIONS[(error as NodeJS.ErrnoException).code ?? ''];
    throw said ? new JavaError('', said(file)) : error;
  }
}

/** What is said on stdout, in Java's words; the reason goes to stderr where they do not tell it. */
function explain(error: unknown, io: Io): string {
  const root = rootCause(error);
  const said = root instanceof ClientCreationError ? 'Failed to create new KafkaAdminClient' : errorLine(error);
  if (!said.includes(errorLine(root))) io.stderr.write(`Caused by: ${javaText(root)}\n`);
  return said;
}
