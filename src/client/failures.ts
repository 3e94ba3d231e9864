/** A connection's failures in words a user can act on, and whether trying again can help. */
import { KafkaError } from '../protocol/errors.js';
import type { Node } from './cluster.js';

/** The broker of a connection went away, or could not be reached: Java's DisconnectException. Retriable. */
export class DisconnectError extends KafkaError {
  override readonly exception = 'DisconnectException';
  /** the host's name could not be resolved */
  readonly unresolved: boolean;
  constructor(message: string, unresolved = false) {
    super(13, message);
    this.unresolved = unresolved;
  }
}

/** TLS could not be agreed on; no retry can help. */
export class SslAuthenticationError extends KafkaError {
  override readonly exception = 'SslAuthenticationException';
  constructor(message: string) {
    super(58, message);
  }
}

/** Wrong credentials or mechanism: SASL_AUTHENTICATION_FAILED in the broker's own words. */
export function authenticationFailure(error: Error): KafkaError {
  return new KafkaError(58, error.message.replace(/^SASL \S+ authentication failed: /, ''));
}

/** Turns a socket's or kafkajs's error into ours. */
export function transportFailure(error: Error, node: Node): Error {
  if (error instanceof KafkaError) return error;
  const { code } = error as { code?: string };
  const unresolved = code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_FAIL';
  const why = code ? ` (${code})` : '';
  return new DisconnectError(`Connection to ${node.host}:${node.port} could not be established${why}.`, unresolved);
}
