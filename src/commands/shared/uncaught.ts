/** The JVM's message for an uncaught exception: scripts grep for the class. */
import { CommandError } from '../../cli/errors.js';
import { javaText } from '../../java/exceptions.js';
import { ClientCreationError } from '../../kafka/client-settings.js';

export const uncaughtClass = (javaClass: string, message?: string): CommandError =>
  new CommandError(`Exception in thread "main" ${javaClass}${message === undefined ? '' : `: ${message}`}`);

/** `what`: Java's message when the client cannot be created, such as "Failed to construct kafka producer". */
export function uncaught(error: unknown, what: string): CommandError {
  if (error instanceof CommandError) return error;
  const created = error instanceof ClientCreationError;
  const text = created ? `org.apache.kafka.common.KafkaException: ${what}` : javaText(error);
  return new CommandError(`Exception in thread "main" ${text}${created ? `\nCaused by: ${javaText(error)}` : ''}`);
}
