/** The server side of a SASL mechanism: evaluates tokens and, when the exchange is complete, knows the user. */
import type { ScramKeys } from '../../security/scram.js';

/** An authentication failure. The client gets its message, which must not reveal why a login failed. */
export class SaslError extends Error {
  override readonly name = 'SaslError';
  /** `silent`: the connection is closed without a response. */
  constructor(
    message: string,
    readonly silent = false,
  ) {
    super(message);
  }
}

export interface SaslServer {
  readonly mechanism: string;
  /** set when the exchange has completed successfully */
  readonly user: string | undefined;
  /** Returns the next challenge. Throws SaslError. */
  evaluate(token: Buffer): Buffer;
}

/** The credentials that mechanisms check against. */
export interface Credentials {
  /** PLAIN: whether the password is correct */
  plain(user: string, password: string): boolean;
  scram(mechanism: number, user: string): ScramKeys | undefined;
}
