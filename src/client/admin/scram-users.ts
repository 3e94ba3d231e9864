/** SCRAM credentials of users. Mirrors Admin.describeUserScramCredentials and alterUserScramCredentials. */

import { describeUserScramCredentials } from '../../protocol/apis/50-describe-user-scram-credentials.js';
import { alterUserScramCredentials } from '../../protocol/apis/51-alter-user-scram-credentials.js';
import { check, Errors } from '../../protocol/errors.js';
import { randomSalt, SCRAM_MECHANISMS, type ScramMechanism, saltedPassword } from '../../security/scram.js';
import type { Cluster } from '../cluster/types.js';

export { MIN_ITERATIONS, SCRAM_MECHANISMS, type ScramMechanism } from '../../security/scram.js';

export interface ScramUser {
  readonly user: string;
  readonly credentials: readonly { readonly mechanism: string; readonly iterations: number }[];
}

/** The users with SCRAM credentials among `users`, or all of them when it is empty. */
export async function scramUsers(cluster: Cluster, users: readonly string[], timeoutMs: number): Promise<ScramUser[]> {
  const response = await cluster.send(
    describeUserScramCredentials,
    { users: users.length === 0 ? null : users.map((name) => ({ name })) },
    { timeoutMs, call: 'describeUserScramCredentials' },
  );
  check(response.errorCode, response.errorMessage);
  const found = response.results.filter((result) => result.errorCode !== Errors.RESOURCE_NOT_FOUND);
  for (const { errorCode, errorMessage } of found) check(errorCode, errorMessage);
  return found.map(({ user, credentialInfos }) => ({
    user,
    credentials: credentialInfos.map(({ mechanism, iterations }) => ({
      mechanism: SCRAM_MECHANISMS.find((m) => m.type === mechanism)?.name ?? 'UNKNOWN',
      iterations,
    })),
  }));
}

export interface NewCredential {
  readonly mechanism: ScramMechanism;
  readonly iterations: number;
  readonly password: string;
}

/** Upserts and deletes SCRAM credentials. The password itself is not sent: only the salted one. */
export async function alterScramUser(
  cluster: Cluster,
  name: string,
  { set, unset }: { readonly set: readonly NewCredential[]; readonly unset: readonly ScramMechanism[] },
  timeoutMs: number,
): Promise<void> {
  const upsertions = set.map(({ mechanism, iterations, password }) => {
    const salt = randomSalt();
    return {
      name,
      mechanism: mechanism.type,
      iterations,
      salt,
      saltedPassword: saltedPassword(mechanism, password, salt, iterations),
    };
  });
  const deletions = unset.map((mechanism) => ({ name, mechanism: mechanism.type }));
  const { results } = await cluster.send(
    alterUserScramCredentials,
    { deletions, upsertions },
    { timeoutMs, call: 'alterUserScramCredentials' },
  );
  for (const { errorCode, errorMessage } of results) check(errorCode, errorMessage);
}
