/** Delegation tokens are not supported. */
import { expireDelegationToken } from '../../protocol/apis/40-expire-delegation-token.js';
import { handler } from '../handler.js';
import { noTime, tokenError } from '../security/delegation-tokens.js';

export default handler({
  api: expireDelegationToken,
  handle(_request, context, broker) {
    const errorCode = tokenError(context, broker);
    return { errorCode, expiryTimestampMs: noTime(errorCode), throttleTimeMs: 0 };
  },
});
