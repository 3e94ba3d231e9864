/** What tools print that show an exception with its stack trace: the trace without its frames. */
import { CommandError, errorLine, FlagError } from '../../cli/errors.js';
import { executionException, JavaError, javaText } from '../../java/exceptions.js';
import { ClientCreationError } from '../../kafka/client-settings.js';
import { KafkaError } from '../../protocol/errors.js';

/** The error as Java's tool has it: what the cluster says comes out of a future, and settings fail the client's making. */
export function thrown(error: unknown): unknown {
  if (error instanceof KafkaError) return executionException(error);
  if (error instanceof FlagError) return new JavaError(error.javaClass, error.message);
  if (error instanceof ClientCreationError)
    return new JavaError('org.apache.kafka.common.KafkaException', 'Failed to create new KafkaAdminClient', error);
  if (error instanceof CommandError && error.cause instanceof JavaError) return error.cause;
  return error;
}

/** The error, then every cause of it, a line each. */
export function stackTrace(error: unknown): string {
  const cause = error instanceof JavaError ? error.cause : undefined;
  return `${javaText(error)}\n${cause === undefined ? '' : `Caused by: ${stackTrace(cause)}`}`;
}

/** An end that says its message on stderr, where Java has the trace too; why, where the message does not tell. */
export function plainFailure(error: unknown): CommandError {
  const seen = thrown(error);
  if (seen instanceof CommandError) return seen;
  const message = errorLine(seen);
  const cause = seen instanceof JavaError && seen.cause !== undefined ? javaText(seen.cause) : message;
  return new CommandError(message.includes(cause) ? message : `${message}\nCaused by: ${cause}`);
}

/** An end that says "HEADING: message" and the trace on stdout; errors about how the tool is used stay what they are. */
export function tracedFailure(heading: string, error: unknown): CommandError {
  const seen = thrown(error);
  if (seen instanceof CommandError) return seen;
  const message = errorLine(seen);
  return new CommandError(message, { stdout: `${heading}${message}\n${stackTrace(seen)}\n` });
}
