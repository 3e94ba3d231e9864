/**
 * Matches and validates the ACL filters of DescribeAcls and DeleteAcls, and the ACLs of CreateAcls. Mirrors
 * AclBindingFilter and AclControlManager.
 */
import { Errors, KafkaError } from '../../protocol/errors.js';
import { type Acl, CLUSTER_NAME, Operation, PatternType, Permission, ResourceType } from './authorizer.js';

/** An ACL filter, in which null and ANY match everything. */
export interface AclFilter {
  readonly resourceTypeFilter: number;
  readonly resourceNameFilter: string | null;
  readonly patternTypeFilter: number;
  readonly principalFilter: string | null;
  readonly hostFilter: string | null;
  readonly operation: number;
  readonly permissionType: number;
}

const nameOf = (enumeration: Readonly<Record<string, number>>, id: number): string =>
  Object.entries(enumeration).find(([, value]) => value === id)?.[0] ?? 'UNKNOWN';
const known = (enumeration: Readonly<Record<string, number>>, id: number): boolean =>
  Object.values(enumeration).includes(id);

/** Whether the filter matches the ACL. */
export function matches(filter: AclFilter, acl: Acl): boolean {
  const { resourceTypeFilter: type, principalFilter: principal, hostFilter: host } = filter;
  if (type !== ResourceType.ANY && type !== acl.resourceType) return false;
  if (principal !== null && principal !== acl.principal) return false;
  if (host !== null && host !== acl.host) return false;
  if (filter.operation !== Operation.ANY && filter.operation !== acl.operation) return false;
  if (filter.permissionType !== Permission.ANY && filter.permissionType !== acl.permissionType) return false;
  return matchesResource(filter, acl);
}

function matchesResource({ resourceNameFilter: name, patternTypeFilter: pattern }: AclFilter, acl: Acl): boolean {
  const anyPattern = pattern === PatternType.ANY || pattern === PatternType.MATCH;
  if (!anyPattern && pattern !== acl.patternType) return false;
  if (name === null) return true;
  if (pattern !== PatternType.MATCH) return name === acl.resourceName;
  if (acl.patternType === PatternType.PREFIXED) return name.startsWith(acl.resourceName);
  return name === acl.resourceName || acl.resourceName === '*';
}

/** Throws KafkaError if the filter is invalid. */
export function checkFilter(filter: AclFilter): void {
  if (!known(ResourceType, filter.resourceTypeFilter) || !known(PatternType, filter.patternTypeFilter)) {
    throw new KafkaError(Errors.INVALID_REQUEST, 'Unknown patternFilter.');
  }
  if (!known(Operation, filter.operation) || !known(Permission, filter.permissionType)) {
    throw new KafkaError(Errors.INVALID_REQUEST, 'Unknown entryFilter.');
  }
}

/** Throws KafkaError if the ACL is invalid. */
export function checkNewAcl(acl: Acl): void {
  const refuse = (message: string) => new KafkaError(Errors.INVALID_REQUEST, message);
  if (acl.resourceType === ResourceType.CLUSTER && acl.resourceName !== CLUSTER_NAME) {
    throw refuse(`The only valid name for the CLUSTER resource is ${CLUSTER_NAME}`);
  }
  if (acl.resourceName === '') throw refuse('Invalid empty resource name');
  if (!known(ResourceType, acl.resourceType) || acl.resourceType === ResourceType.ANY) {
    throw refuse(`Invalid resourceType ${nameOf(ResourceType, acl.resourceType)}`);
  }
  if (acl.patternType !== PatternType.LITERAL && acl.patternType !== PatternType.PREFIXED) {
    throw refuse(`Invalid patternType ${nameOf(PatternType, acl.patternType)}`);
  }
  if (!known(Operation, acl.operation) || acl.operation === Operation.ANY) {
    throw refuse(`Invalid operation ${nameOf(Operation, acl.operation)}`);
  }
  if (acl.permissionType !== Permission.DENY && acl.permissionType !== Permission.ALLOW) {
    throw refuse(`Invalid permissionType ${nameOf(Permission, acl.permissionType)}`);
  }
  if (!acl.principal.includes(':')) {
    throw refuse(
      `Could not parse principal from \`${acl.principal}\` (no colon is present separating the principal type from the principal name)`,
    );
  }
}

/** Equal for equal ACLs. */
export const aclKey = (acl: Acl): string =>
  JSON.stringify([
    acl.resourceType,
    acl.resourceName,
    acl.patternType,
    acl.principal,
    acl.host,
    acl.operation,
    acl.permissionType,
  ]);
