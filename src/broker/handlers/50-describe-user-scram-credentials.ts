/** DescribeUserScramCredentials v0. Mirrors ScramImage.describe. */
import { describeUserScramCredentials } from '../../protocol/apis/50-describe-user-scram-credentials.js';
import { Errors } from '../../protocol/errors.js';
import type { userScramCredentialRecord } from '../../protocol/messages/metadata-records.js';
import type { MessageOf } from '../../protocol/wire/schema.js';
import { handler } from '../handler.js';

type Credential = MessageOf<typeof userScramCredentialRecord>;

export default handler({
  api: describeUserScramCredentials,
  handle({ users }, _context, broker) {
    const byUser = new Map<string, Credential[]>();
    for (const credential of broker.metadata.scramCredentials.values()) {
      const own = byUser.get(credential.name);
      if (own) own.push(credential);
      else byUser.set(credential.name, [credential]);
    }
    // how often the request names each user: once is right
    const asked = new Map<string, number>();
    for (const { name } of users ?? []) asked.set(name, (asked.get(name) ?? 0) + 1);
    const results = [...(users?.length ? asked : byUser).keys()].map((user) => {
      const failed = (errorCode: number, message: string) => ({
        user,
        errorCode,
        errorMessage: `${message}: ${user}`,
        credentialInfos: [],
      });
      if ((asked.get(user) ?? 0) > 1) {
        return failed(
          Errors.DUPLICATE_RESOURCE,
          'Cannot describe SCRAM credentials for the same user twice in a single request',
        );
      }
      const own = byUser.get(user) ?? [];
      if (own.length === 0) {
        return failed(Errors.RESOURCE_NOT_FOUND, 'Attempt to describe a user credential that does not exist');
      }
      const credentialInfos = own.map(({ mechanism, iterations }) => ({ mechanism, iterations }));
      return { user, errorCode: 0, errorMessage: null, credentialInfos };
    });
    return { throttleTimeMs: 0, errorCode: 0, errorMessage: '', results };
  },
});
