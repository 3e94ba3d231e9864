/** DescribeUserScramCredentials v0. Mirrors ScramImage.describe. */
import { describeUserScramCredentials } from '../../protocol/apis/50-describe-user-scram-credentials.js';
import { Errors } from '../../protocol/errors.js';
import { handler } from '../handler.js';

export default handler({
  api: describeUserScramCredentials,
  handle({ users }, _context, broker) {
    const all = [...broker.metadata.scramCredentials.values()];
    const named = users?.length ? users.map((user) => user.name) : all.map((credential) => credential.name);
    const results = [...new Set(named)].map((user) => {
      const failed = (errorCode: number, message: string) => ({
        user,
        errorCode,
        errorMessage: `${message}: ${user}`,
        credentialInfos: [],
      });
      if (users?.length && named.filter((name) => name === user).length > 1) {
        return failed(
          Errors.DUPLICATE_RESOURCE,
          'Cannot describe SCRAM credentials for the same user twice in a single request',
        );
      }
      const own = all.filter((credential) => credential.name === user);
      if (own.length === 0) {
        return failed(Errors.RESOURCE_NOT_FOUND, 'Attempt to describe a user credential that does not exist');
      }
      const credentialInfos = own.map(({ mechanism, iterations }) => ({ mechanism, iterations }));
      return { user, errorCode: 0, errorMessage: null, credentialInfos };
    });
    return { throttleTimeMs: 0, errorCode: 0, errorMessage: '', results };
  },
});
