/** Delegation tokens are not supported. */
import { renewDelegationToken } from '../../protocol/apis/39-renew-delegation-token.js';
import { handler } from '../handler.js';
import { noTime, tokenError } from '../security/delegation-tokens.js';

export default handler({
  api: renewDelegationToken,
  handle(_request, context, broker) {
    const errorCode = tokenError(context, broker);
    return { errorCode, expiryTimestampMs: noTime(errorCode), throttleTimeMs: 0 };
  },
});
