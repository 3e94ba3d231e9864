/**
 * SaslAuthenticate v0-2: one token of the SASL exchange. A failure is answered after a delay, then the connection
 * closes.
 */
import { saslAuthenticate } from '../../protocol/apis/36-sasl-authenticate.js';
import { Errors } from '../../protocol/errors.js';
import { CloseConnection, handler } from '../handler.js';
import { refusalDelay } from '../security/refusal.js';
import { SaslError } from '../security/sasl-server.js';

const none = Buffer.alloc(0);

export default handler({
  api: saslAuthenticate,
  async handle({ authBytes }, { authentication, closed }, broker) {
    if (!authentication.expectsToken) {
      const errorMessage = 'SaslAuthenticate request received after successful authentication';
      return { errorCode: Errors.ILLEGAL_SASL_STATE, errorMessage, authBytes: none, sessionLifetimeMs: 0n };
    }
    try {
      const { bytes, lifetimeMs } = authentication.authenticate(authBytes, broker.now());
      return { errorCode: 0, errorMessage: '', authBytes: bytes, sessionLifetimeMs: BigInt(lifetimeMs) };
    } catch (error) {
      if (!(error instanceof SaslError)) throw error;
      await refusalDelay(broker, closed);
      if (error.silent) throw new CloseConnection();
      const errorCode = Errors.SASL_AUTHENTICATION_FAILED;
      return { errorCode, errorMessage: error.message, authBytes: none, sessionLifetimeMs: 0n };
    }
  },
});
