/**
 * Tokens after a SaslHandshake v0: they are sent and answered as bare frames, without request headers. A failure closes
 * the connection. librdkafka assumes that a broker without SaslHandshake v0 does not support SASL at all.
 */
import type { Broker } from '../api.js';
import type { Authentication } from './authentication.js';
import { refusalDelay } from './refusal.js';
import { SaslError } from './sasl-server.js';

/** The response frame for a token; resolves to null, after a delay, if authentication failed. */
export function answerBareToken(
  token: Buffer,
  { authentication, closed }: { readonly authentication: Authentication; readonly closed: AbortSignal },
  broker: Broker,
): Buffer[] | Promise<null> {
  try {
    const { bytes } = authentication.authenticate(token, broker.now());
    const size = Buffer.alloc(4);
    size.writeInt32BE(bytes.length);
    return [size, bytes];
  } catch (error) {
    if (!(error instanceof SaslError)) throw error;
    return refusalDelay(broker, closed).then(() => null);
  }
}
