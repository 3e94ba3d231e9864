/** The server side of a SASL mechanism: evaluates tokens and, when the exchange is complete, knows the user. */

import { SCRAM_MECHANISMS, type ScramKeys } from '../../security/scram.js';
import { PlainServer } from './plain.js';
import { ScramServer } from './scram-server.js';

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

/** One SASL exchange. */
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

export const SASL_MECHANISMS = ['PLAIN', ...SCRAM_MECHANISMS.map((m) => m.name)];

/** Undefined for an unknown mechanism. */
export function saslServer(mechanism: string, credentials: Credentials): SaslServer | undefined {
  if (mechanism === 'PLAIN') return new PlainServer(credentials);
  const scram = SCRAM_MECHANISMS.find((m) => m.name === mechanism);
  return scram && new ScramServer(scram, credentials);
}
