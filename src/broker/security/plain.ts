/** SASL PLAIN (RFC 4616). Mirrors PlainSaslServer. */
import { timingSafeEqual } from 'node:crypto';
import { type Credentials, SaslError, type SaslServer } from './sasl-server.js';

/** Checks one client's user name and password. */
export class PlainServer implements SaslServer {
  readonly mechanism = 'PLAIN';
  user: string | undefined;
  constructor(private readonly credentials: Credentials) {}

  evaluate(token: Buffer): Buffer {
    const parts = token.toString('utf8').split('\0', 4);
    if (parts.length !== 3) {
      throw new SaslError(`Invalid SASL/PLAIN response: expected 3 tokens, got ${parts.length}`);
    }
    const [authorizationId, user, password] = parts as [string, string, string];
    if (user === '') throw new SaslError('Authentication failed: username not specified');
    if (password === '') throw new SaslError('Authentication failed: password not specified');
    if (!this.credentials.plain(user, password)) {
      throw new SaslError('Authentication failed: Invalid username or password');
    }
    if (authorizationId !== '' && authorizationId !== user) {
      throw new SaslError(
        'Authentication failed: Client requested an authorization id that is different from username',
      );
    }
    this.user = user;
    return Buffer.alloc(0);
  }
}

/** Compares in constant time. */
export function sameSecret(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length ? timingSafeEqual(a, b) : !timingSafeEqual(a, a);
}
