/** Delegation tokens are not supported. */
import { describeDelegationToken } from '../../protocol/apis/41-describe-delegation-token.js';
import { handler } from '../handler.js';
import { tokenError } from '../security/delegation-tokens.js';

export default handler({
  api: describeDelegationToken,
  handle: (_request, context, broker) => ({ errorCode: tokenError(context, broker), tokens: [], throttleTimeMs: 0 }),
});
