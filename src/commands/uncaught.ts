/** What Java prints of an exception that nobody caught. */
import { CommandError } from '../cli/errors.js';
import { ClientCreationError } from '../client/config.js';
import { javaText } from '../client/java-names.js';

/** `what`: the client that could not be made, "Failed to construct kafka producer". */
export function uncaught(error: unknown, what: string): CommandError {
  if (error instanceof CommandError) return error;
  const created = error instanceof ClientCreationError;
  const text = created ? `org.apache.kafka.common.KafkaException: ${what}` : javaText(error);
  return new CommandError(`Exception in thread "main" ${text}${created ? `\nCaused by: ${javaText(error)}` : ''}`);
}
