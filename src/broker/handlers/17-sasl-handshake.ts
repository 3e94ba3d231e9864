/**
 * SaslHandshake v0-1: selects the mechanism. A failure is answered after a delay, then the connection closes. After v0,
 * tokens are sent as bare frames (security/bare-token.ts).
 */
import { saslHandshake } from '../../protocol/apis/17-sasl-handshake.js';
import { Errors } from '../../protocol/errors.js';
import { handler } from '../handler.js';
import { refusalDelay } from '../security/refusal.js';

export default handler({
  api: saslHandshake,
  async handle({ mechanism }, { authentication, apiVersion, closed }, broker) {
    const result = authentication.handshake(mechanism, apiVersion === 0);
    if (authentication.failure !== undefined) await refusalDelay(broker, closed);
    if (result === 'illegal') return { errorCode: Errors.ILLEGAL_SASL_STATE, mechanisms: [] };
    const errorCode = result === 'chosen' ? 0 : Errors.UNSUPPORTED_SASL_MECHANISM;
    return { errorCode, mechanisms: [...authentication.mechanisms] };
  },
});
