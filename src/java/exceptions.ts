/** Errors as Java's Throwable.toString() prints them: scripts grep for these class names. */

/** An error that stands for a Java exception class: "java.util.concurrent.ExecutionException". */
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
 * "org.apache.kafka.common.errors.GroupIdNotFoundException: Group x not found.". For any other error the message only.
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

/** The innermost cause of nested errors. */
export const rootCause = (error: unknown): unknown =>
  error instanceof JavaError && error.cause !== undefined ? rootCause(error.cause) : error;
