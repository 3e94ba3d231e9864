/** There are no delegation tokens here. */
import { expireDelegationToken } from '../../protocol/apis/40-expire-delegation-token.js';
import { handler } from '../handler.js';
import { tokenError } from '../security/delegation-tokens.js';

export default handler({
  api: expireDelegationToken,
  handle: (_request, context, broker) => ({
    errorCode: tokenError(context, broker),
    expiryTimestampMs: -1n,
    throttleTimeMs: 0,
  }),
});
