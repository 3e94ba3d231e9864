/** Errors as Java's Throwable.toString() prints them: scripts grep for these class names. */

/** An error with the Java class a tool shows it under: "java.util.concurrent.ExecutionException". */
export class JavaError extends Error {
  override readonly name = 'JavaError';
  readonly javaClass: string;
  constructor(javaClass: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.javaClass = javaClass;
  }
}

/**
 * Throwable.toString() of an error that stands for a Java exception: its class name and message, as in
 * "org.apache.kafka.common.errors.GroupIdNotFoundException: Group x not found.". Any other error is its message alone.
 */
export function javaText(error: unknown): string {
  const { message, javaClass } = error as Error & { readonly javaClass?: string };
  return javaClass === undefined ? message : `${javaClass}: ${message}`;
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
