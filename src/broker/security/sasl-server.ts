/** The server's side of a SASL mechanism: tokens in, challenges out, a user at the end. */
import type { ScramKeys } from '../../security/scram.js';

/** Told to the client in these words, which give nothing away. */
export class SaslError extends Error {
  override readonly name = 'SaslError';
  /** `silent`: the connection is closed without an answer. */
  constructor(
    message: string,
    readonly silent = false,
  ) {
    super(message);
  }
}

export interface SaslServer {
  readonly mechanism: string;
  /** set once the exchange is over and good */
  readonly user: string | undefined;
  /** Throws SaslError. */
  evaluate(token: Buffer): Buffer;
}

/** What a mechanism looks its users up in. */
export interface Credentials {
  /** PLAIN: is this the user's password? */
  plain(user: string, password: string): boolean;
  scram(mechanism: number, user: string): ScramKeys | undefined;
}
