/** There are no delegation tokens here. */
import { renewDelegationToken } from '../../protocol/apis/39-renew-delegation-token.js';
import { handler } from '../handler.js';
import { tokenError } from '../security/delegation-tokens.js';

export default handler({
  api: renewDelegationToken,
  handle: (_request, context, broker) => ({
    errorCode: tokenError(context, broker),
    expiryTimestampMs: -1n,
    throttleTimeMs: 0,
  }),
});
