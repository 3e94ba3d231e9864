/** Shared by the group tools: how they connect, and how they exit when an action fails. */
import { CommandError, EXIT, errorLine } from '../../../cli/errors.js';
import type { Io } from '../../../cli/io.js';
import type { Cluster } from '../../../client/cluster/types.js';
import { JavaError, javaText, rootCause } from '../../../java/exceptions.js';
import { ClientCreationError } from '../../../kafka/client-settings.js';
import { Errors, KafkaError } from '../../../protocol/errors.js';
import { adminCluster } from '../../shared/connection.js';
import { propertiesFile } from '../../shared/properties-file.js';
import { errorBlock } from './service.js';

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

/** `--timeout` truncated as by Java's Long.intValue(), ms. */
export const timeoutOf = (timeout: bigint): number => Math.max(0, Number(BigInt.asIntN(32, timeout)));

/**
 * Prints "Executing `kind` group command failed" to stdout and returns the exit code. Rethrows a CommandError, and throws
 * a usage error for an IllegalArgumentException.
 */
export function failedAction(kind: 'consumer' | 'share', error: unknown, usage: (m: string) => CommandError, io: Io) {
  if (error instanceof CommandError) throw error;
  if (error instanceof JavaError && error.javaClass === 'java.lang.IllegalArgumentException') {
    throw usage(error.message);
  }
  io.stdout.write(errorBlock(`Executing ${kind} group command failed due to ${explain(error, io)}`));
  // Java exits with 0 for this too, but an authentication failure, which no retry can fix, must not look like success
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

/** Java's message, for stdout; writes the cause to stderr if the message does not contain it. */
function explain(error: unknown, io: Io): string {
  const root = rootCause(error);
  const message = root instanceof ClientCreationError ? 'Failed to create new KafkaAdminClient' : errorLine(error);
  if (!message.includes(errorLine(root))) io.stderr.write(`Caused by: ${javaText(root)}\n`);
  return message;
}
