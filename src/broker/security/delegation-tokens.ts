/**
 * What Apache Kafka answers about delegation tokens where it has no delegation.token.secret.key, as this broker never has:
 * who came without a proof of who he is may not ask at all, everybody else learns that there are none. Mirrors
 * KafkaApis.allowTokenRequests and DelegationTokenManager.
 */
import { Errors } from '../../protocol/errors.js';
import type { Broker } from '../api.js';
import type { RequestContext } from '../request-context.js';
import { ANONYMOUS } from './principal.js';

export function tokenError({ listener, principal }: RequestContext, broker: Broker): number {
  const plain = broker.endpoints.find((e) => e.listener === listener)?.securityProtocol === 'PLAINTEXT';
  const allowed = !plain && principal !== ANONYMOUS;
  return allowed ? Errors.DELEGATION_TOKEN_AUTH_DISABLED : Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED;
}

/** The times of a token that is not there: unknown to whoever may not ask, zero where there are none. */
export const noTime = (errorCode: number): bigint =>
  errorCode === Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED ? -1n : 0n;
