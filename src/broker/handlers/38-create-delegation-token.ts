/** Delegation tokens are not supported. */
import { createDelegationToken } from '../../protocol/apis/38-create-delegation-token.js';
import { Errors } from '../../protocol/errors.js';
import { handler } from '../handler.js';
import { noTime, tokenError } from '../security/delegation-tokens.js';

export default handler({
  api: createDelegationToken,
  handle(request, context, broker) {
    const errorCode = tokenError(context, broker);
    const at = noTime(errorCode);
    const requested = errorCode !== Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED;
    const [type = '', name = ''] = requested ? context.principal.split(/:(.*)/s) : [];
    return {
      errorCode,
      principalType: (requested && request.ownerPrincipalType) || type,
      principalName: (requested && request.ownerPrincipalName) || name,
      tokenRequesterPrincipalType: type,
      tokenRequesterPrincipalName: name,
      issueTimestampMs: at,
      expiryTimestampMs: at,
      maxTimestampMs: at,
      tokenId: '',
      hmac: Buffer.alloc(0),
      throttleTimeMs: 0,
    };
  },
});
