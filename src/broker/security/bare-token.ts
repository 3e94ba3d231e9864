/**
 * What follows a SaslHandshake v0: tokens that are frames of their own, without a request around them, and answered alike.
 * Who is refused learns it by the connection's end. librdkafka takes a broker without v0 for one that has no SASL at all.
 */
import type { Broker } from '../api.js';
import type { Authentication } from './authentication.js';
import { refusalDelay } from './refusal.js';
import { SaslError } from './sasl-server.js';

/** The frame that answers a token; null, after a while, when it is refused. */
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
