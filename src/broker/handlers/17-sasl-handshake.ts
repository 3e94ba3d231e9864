/** SaslHandshake v0-1: chooses the mechanism. After v0 the tokens come without a header (security/bare-token.ts). */
import { saslHandshake } from '../../protocol/apis/17-sasl-handshake.js';
import { Errors } from '../../protocol/errors.js';
import { handler } from '../handler.js';

export default handler({
  api: saslHandshake,
  handle({ mechanism }, { authentication, apiVersion }) {
    const { mechanisms } = authentication;
    if (!authentication.saslEnabled) return { errorCode: Errors.ILLEGAL_SASL_STATE, mechanisms: [] };
    const errorCode = authentication.handshake(mechanism, apiVersion === 0) ? 0 : Errors.UNSUPPORTED_SASL_MECHANISM;
    return { errorCode, mechanisms: [...mechanisms] };
  },
});
