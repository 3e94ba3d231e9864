/** Delegation tokens. Mirrors Admin.createDelegationToken and its siblings. */
import { createDelegationToken as createApi } from '../../protocol/apis/38-create-delegation-token.js';
import { renewDelegationToken as renewApi } from '../../protocol/apis/39-renew-delegation-token.js';
import { expireDelegationToken as expireApi } from '../../protocol/apis/40-expire-delegation-token.js';
import { describeDelegationToken as describeApi } from '../../protocol/apis/41-describe-delegation-token.js';
import { check, Errors } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';

export interface TokenPrincipal {
  readonly type: string;
  readonly name: string;
}

export interface DelegationToken {
  readonly tokenId: string;
  readonly hmac: Buffer;
  readonly owner: TokenPrincipal;
  readonly requester: TokenPrincipal;
  readonly renewers: readonly TokenPrincipal[];
  /** ms since 1970 */
  readonly issued: bigint;
  readonly expires: bigint;
  readonly maximum: bigint;
}

const inRequest = ({ type, name }: TokenPrincipal) => ({ principalType: type, principalName: name });
const onlyNotController = ({ errorCode }: { errorCode: number }): number =>
  errorCode === Errors.NOT_CONTROLLER ? errorCode : 0;

/** Creates a token; `owner` undefined: the authenticated principal. `maxLifetimeMs` -1n: the broker's maximum. */
export async function createToken(
  cluster: Cluster,
  {
    owner,
    renewers,
    maxLifetimeMs,
  }: { owner?: TokenPrincipal; renewers: readonly TokenPrincipal[]; maxLifetimeMs: bigint },
): Promise<DelegationToken> {
  const response = await cluster.send(
    createApi,
    {
      ownerPrincipalType: owner?.type ?? null,
      ownerPrincipalName: owner?.name ?? null,
      renewers: renewers.map(inRequest),
      maxLifetimeMs,
    },
    { to: 'controller', call: 'createDelegationToken', atLeast: owner ? 3 : 1, errorOf: onlyNotController },
  );
  check(response.errorCode);
  return {
    tokenId: response.tokenId,
    hmac: response.hmac,
    owner: { type: response.principalType, name: response.principalName },
    requester: { type: response.tokenRequesterPrincipalType, name: response.tokenRequesterPrincipalName },
    renewers,
    issued: response.issueTimestampMs,
    expires: response.expiryTimestampMs,
    maximum: response.maxTimestampMs,
  };
}

/** Returns the new expiry timestamp, ms. */
export async function renewToken(cluster: Cluster, hmac: Buffer, renewPeriodMs: bigint): Promise<bigint> {
  const options = { to: 'controller', call: 'renewDelegationToken', errorOf: onlyNotController } as const;
  const response = await cluster.send(renewApi, { hmac, renewPeriodMs }, options);
  check(response.errorCode);
  return response.expiryTimestampMs;
}

/** Returns the new expiry timestamp, ms. */
export async function expireToken(cluster: Cluster, hmac: Buffer, expiryTimePeriodMs: bigint): Promise<bigint> {
  const options = { to: 'controller', call: 'expireDelegationToken', errorOf: onlyNotController } as const;
  const response = await cluster.send(expireApi, { hmac, expiryTimePeriodMs }, options);
  check(response.errorCode);
  return response.expiryTimestampMs;
}

/** The tokens of these owners; an empty list is sent as empty, not as null, like Java's client does. */
export async function describeTokens(cluster: Cluster, owners: readonly TokenPrincipal[]): Promise<DelegationToken[]> {
  const response = await cluster.send(
    describeApi,
    { owners: owners.map(inRequest) },
    { to: 'controller', call: 'describeDelegationToken', errorOf: onlyNotController },
  );
  check(response.errorCode);
  return response.tokens.map((token) => ({
    tokenId: token.tokenId,
    hmac: token.hmac,
    owner: { type: token.principalType, name: token.principalName },
    requester: { type: token.tokenRequesterPrincipalType, name: token.tokenRequesterPrincipalName },
    renewers: token.renewers.map(({ principalType, principalName }) => ({ type: principalType, name: principalName })),
    issued: token.issueTimestamp,
    expires: token.expiryTimestamp,
    maximum: token.maxTimestamp,
  }));
}
