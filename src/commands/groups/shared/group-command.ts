/** What the tools for groups share around their actions: the cluster they open, and how they end when an action fails. */
import { CommandError, EXIT, errorLine } from '../../../cli/errors.js';
import type { Io } from '../../../cli/io.js';
import type { Cluster } from '../../../client/cluster/types.js';
import { JavaError, javaText, rootCause } from '../../../java/exceptions.js';
import { ClientCreationError } from '../../../kafka/client-settings.js';
import { Errors, KafkaError } from '../../../protocol/errors.js';
import { adminCluster } from '../../shared/connection.js';
import { propertiesFile } from '../../shared/properties-file.js';
import { errorText } from './service.js';

const isAuthenticationFailure = (error: unknown): boolean =>
  error instanceof KafkaError && error.code === Errors.SASL_AUTHENTICATION_FAILED;

interface ConnectionOptions {
  value(name: 'bootstrap-server' | 'command-config'): string | undefined;
}

/** The cluster of `--bootstrap-server` and `--command-config`. */
export function openGroupCluster(options: ConnectionOptions, io: Io): Cluster {
  const file = options.value('command-config');
  const properties = file === undefined ? new Map<string, string>() : load(file);
  const bootstrap = options.value('bootstrap-server') as string;
  return adminCluster(io, bootstrap, properties);
}

/** `--timeout` as Java's intValue() has it, ms. */
export const timeoutOf = (timeout: bigint): number => Math.max(0, Number(BigInt.asIntN(32, timeout)));

/**
 * Says on stdout that "Executing `kind` group command" failed; the exit code. Throws what ends the command otherwise: a
 * CommandError, and a usage error where Java finds an argument illegal.
 */
export function failedAction(kind: 'consumer' | 'share', error: unknown, usage: (m: string) => CommandError, io: Io) {
  if (error instanceof CommandError) throw error;
  if (error instanceof JavaError && error.javaClass === 'java.lang.IllegalArgumentException') {
    throw usage(error.message);
  }
  io.stdout.write(errorText(`Executing ${kind} group command failed due to ${explain(error, io)}`));
  // Java ends with 0 here too; that no retry can help must not look like success
  return isAuthenticationFailure(rootCause(error)) ? EXIT.failure : EXIT.ok;
}

/** Java reports a file that cannot be read by its exception's text, and one that cannot be parsed as an illegal argument. */
function load(file: string): Map<string, string> {
  try {
    return propertiesFile(file);
  } catch (error) {
    if (!(error instanceof JavaError) || error.javaClass === 'java.lang.IllegalArgumentException') throw error;
    throw new JavaError('', javaText(error));
  }
}

/** What is said on stdout, in Java's words; the reason goes to stderr where they do not tell it. */
function explain(error: unknown, io: Io): string {
  const root = rootCause(error);
  const said = root instanceof ClientCreationError ? 'Failed to create new KafkaAdminClient' : errorLine(error);
  if (!said.includes(errorLine(root))) io.stderr.write(`Caused by: ${javaText(root)}\n`);
  return said;
}
