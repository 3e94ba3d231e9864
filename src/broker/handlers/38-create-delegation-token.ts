/** There are no delegation tokens here. */
import { createDelegationToken } from '../../protocol/apis/38-create-delegation-token.js';
import { handler } from '../handler.js';
import { tokenError } from '../security/delegation-tokens.js';

export default handler({
  api: createDelegationToken,
  handle: (_request, context, broker) => ({
    errorCode: tokenError(context, broker),
    principalType: '',
    principalName: '',
    tokenRequesterPrincipalType: '',
    tokenRequesterPrincipalName: '',
    issueTimestampMs: -1n,
    expiryTimestampMs: -1n,
    maxTimestampMs: -1n,
    tokenId: '',
    hmac: Buffer.alloc(0),
    throttleTimeMs: 0,
  }),
});
