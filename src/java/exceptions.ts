/** Errors as Java's Throwable.toString() prints them: scripts grep for these class names. */

import { ConfigError } from '../kafka/client-settings.js';
import { KafkaError } from '../protocol/errors.js';

/** An error with the Java class a tool shows it under: "java.util.concurrent.ExecutionException". */
export class JavaError extends Error {
  override readonly name = 'JavaError';
  readonly javaClass: string;
  constructor(javaClass: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.javaClass = javaClass;
  }
}

/** "org.apache.kafka.common.errors.GroupIdNotFoundException: Group x not found." */
export function javaText(error: unknown): string {
  const { message } = error as Error;
  if (error instanceof JavaError) return `${error.javaClass}: ${message}`;
  if (error instanceof ConfigError) return `org.apache.kafka.common.config.ConfigException: ${message}`;
  if (error instanceof KafkaError) return `${error.javaClass}: ${message}`;
  return message;
}

/** What KafkaFuture.get() throws: its message is the cause's text. */
export const executionException = (cause: unknown): JavaError =>
  new JavaError('java.util.concurrent.ExecutionException', javaText(cause), cause);

/** `new RuntimeException(cause)`: its message is the cause's text. */
export const runtimeException = (cause: unknown): JavaError =>
  new JavaError('java.lang.RuntimeException', javaText(cause), cause);

/** What is at the bottom of nested errors. */
export const rootCause = (error: unknown): unknown =>
  error instanceof JavaError && error.cause !== undefined ? rootCause(error.cause) : error;
