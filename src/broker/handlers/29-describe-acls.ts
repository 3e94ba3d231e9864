/** DescribeAcls v1-3. */
import { describeAcls } from '../../protocol/apis/29-describe-acls.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { handler } from '../handler.js';
import { checkFilter, matches } from '../security/acl-filter.js';
import type { Acl } from '../security/authorizer.js';
import { security } from '../security/security.js';

export default handler({
  api: describeAcls,
  handle(filter, _context, broker) {
    const refused = (errorCode: number, errorMessage: string) => ({
      throttleTimeMs: 0,
      errorCode,
      errorMessage,
      resources: [],
    });
    if (!broker.component(security).authorizer) {
      return refused(Errors.SECURITY_DISABLED, 'No Authorizer is configured on the broker');
    }
    try {
      checkFilter(filter);
    } catch (error) {
      if (error instanceof KafkaError) return refused(error.code, error.message);
      throw error;
    }
    const found = [...broker.metadata.acls.values()].filter((acl) => matches(filter, acl));
    return { throttleTimeMs: 0, errorCode: 0, errorMessage: '', resources: byResource(found) };
  },
});

function byResource(acls: readonly Acl[]) {
  const resources = new Map<string, { first: Acl; acls: Acl[] }>();
  for (const acl of acls) {
    const key = `${acl.resourceType} ${acl.patternType} ${acl.resourceName}`;
    const resource = resources.get(key);
    if (resource) resource.acls.push(acl);
    else resources.set(key, { first: acl, acls: [acl] });
  }
  return [...resources.values()].map(({ first, acls: entries }) => ({
    resourceType: first.resourceType,
    resourceName: first.resourceName,
    patternType: first.patternType,
    acls: entries.map(({ principal, host, operation, permissionType }) => ({
      principal,
      host,
      operation,
      permissionType,
    })),
  }));
}
