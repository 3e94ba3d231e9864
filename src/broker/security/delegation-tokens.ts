/**
 * The responses of a Kafka broker without delegation.token.secret.key, as this broker does not support delegation
 * tokens: unauthenticated clients must not use the APIs at all, others learn that they are disabled. Mirrors
 * KafkaApis.allowTokenRequests and DelegationTokenManager.
 */
import { Errors } from '../../protocol/errors.js';
import type { Broker } from '../api.js';
import type { RequestContext } from '../request-context.js';
import { ANONYMOUS } from './principal.js';

/** The error code of every delegation token request. */
export function tokenError({ listener, principal }: RequestContext, broker: Broker): number {
  const plain = broker.endpoints.find((e) => e.listener === listener)?.securityProtocol === 'PLAINTEXT';
  const allowed = !plain && principal !== ANONYMOUS;
  return allowed ? Errors.DELEGATION_TOKEN_AUTH_DISABLED : Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED;
}

/** The timestamps in a response: -1 if the request is not allowed, 0 if tokens are disabled. */
export const noTime = (errorCode: number): bigint =>
  errorCode === Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED ? -1n : 0n;
