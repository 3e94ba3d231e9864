/** Errors of the tools that print a stack trace: we print the trace without its frames. */
import { CommandError, errorLine, FlagError } from '../../cli/errors.js';
import { executionException, JavaError, javaText } from '../../java/exceptions.js';
import { ClientCreationError } from '../../kafka/client-settings.js';
import { KafkaError } from '../../protocol/errors.js';

/** The exception that Java's tool would see: protocol errors wrapped by a future, bad settings by the client's constructor. */
export function javaException(error: unknown): unknown {
  if (error instanceof KafkaError) return executionException(error);
  if (error instanceof FlagError) return new JavaError(error.javaClass, error.message);
  if (error instanceof ClientCreationError)
    return new JavaError('org.apache.kafka.common.KafkaException', 'Failed to create new KafkaAdminClient', error);
  if (error instanceof CommandError && error.cause instanceof JavaError) return error.cause;
  return error;
}

/** The error and its chain of causes, one per line. */
export function stackTrace(error: unknown): string {
  const cause = error instanceof JavaError ? error.cause : undefined;
  return `${javaText(error)}\n${cause === undefined ? '' : `Caused by: ${stackTrace(cause)}`}`;
}

/** The message on stderr, where Java prints the trace too; with the cause unless the message contains it. */
export function plainFailure(error: unknown): CommandError {
  const seen = javaException(error);
  if (seen instanceof CommandError) return seen;
  const message = errorLine(seen);
  const cause = seen instanceof JavaError && seen.cause !== undefined ? javaText(seen.cause) : message;
  return new CommandError(message.includes(cause) ? message : `${message}\nCaused by: ${cause}`);
}

/** HEADING, the message and the trace on stdout. Usage errors are returned unchanged. */
export function tracedFailure(heading: string, error: unknown): CommandError {
  const seen = javaException(error);
  if (seen instanceof CommandError) return seen;
  const message = errorLine(seen);
  return new CommandError(message, { stdout: `${heading}${message}\n${stackTrace(seen)}\n` });
}
