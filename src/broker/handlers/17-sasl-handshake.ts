/** SaslHandshake v1: chooses the mechanism. v0, whose tokens come without a header, is left out: its clients are of 2016. */
import { saslHandshake } from '../../protocol/apis/17-sasl-handshake.js';
import { Errors } from '../../protocol/errors.js';
import { handler } from '../handler.js';

export default handler({
  api: saslHandshake,
  versions: [1, 1],
  handle({ mechanism }, { authentication }) {
    const { mechanisms } = authentication;
    if (!authentication.saslEnabled) return { errorCode: Errors.ILLEGAL_SASL_STATE, mechanisms: [] };
    const errorCode = authentication.handshake(mechanism) ? 0 : Errors.UNSUPPORTED_SASL_MECHANISM;
    return { errorCode, mechanisms: [...mechanisms] };
  },
});
