/** ACLs. Mirrors clients/common/acl, Admin.describeAcls, createAcls and deleteAcls. */
import { describeAcls as describeApi } from '../../protocol/apis/29-describe-acls.js';
import { createAcls as createApi } from '../../protocol/apis/30-create-acls.js';
import { deleteAcls as deleteApi } from '../../protocol/apis/31-delete-acls.js';
import { check } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';

/** ResourceType names by code, as the tools print them. */
export const RESOURCE_TYPES = [
  'UNKNOWN',
  'ANY',
  'TOPIC',
  'GROUP',
  'CLUSTER',
  'TRANSACTIONAL_ID',
  'DELEGATION_TOKEN',
  'USER',
];
export const PATTERN_TYPES = ['UNKNOWN', 'ANY', 'MATCH', 'LITERAL', 'PREFIXED'];
export const PERMISSIONS = ['UNKNOWN', 'ANY', 'DENY', 'ALLOW'];
export const OPERATIONS = [
  'UNKNOWN',
  'ANY',
  'ALL',
  'READ',
  'WRITE',
  'CREATE',
  'DELETE',
  'ALTER',
  'DESCRIBE',
  'CLUSTER_ACTION',
  'DESCRIBE_CONFIGS',
  'ALTER_CONFIGS',
  'IDEMPOTENT_WRITE',
  'CREATE_TOKENS',
  'DESCRIBE_TOKENS',
  'TWO_PHASE_COMMIT',
];
const ANY = 1;

/** A resource pattern. Types are upper-case names: "TOPIC", "LITERAL". */
export interface Pattern {
  readonly resourceType: string;
  readonly name: string;
  readonly patternType: string;
}

/** The access control entry of an ACL: principal, host, operation, permission type. */
export interface AclEntry {
  readonly principal: string;
  readonly host: string;
  readonly operation: string;
  readonly permissionType: string;
}

export interface AclBinding {
  readonly pattern: Pattern;
  readonly entry: AclEntry;
}

/** ResourcePattern.toString(). */
export const patternText = ({ resourceType, name, patternType }: Pattern): string =>
  `ResourcePattern(resourceType=${resourceType}, name=${name}, patternType=${patternType})`;

/** AccessControlEntry.toString(). */
export const entryText = ({ principal, host, operation, permissionType }: AclEntry): string =>
  `(principal=${principal}, host=${host}, operation=${operation}, permissionType=${permissionType})`;

/** AclBinding.toString(). */
export const bindingText = ({ pattern, entry }: AclBinding): string =>
  `(pattern=${patternText(pattern)}, entry=${entryText(entry)})`;

/** The filter fields of a request; without a pattern any resource, without an entry any ACL. */
function filterOf(pattern: Pattern | undefined, entry: AclEntry | undefined) {
  return {
    resourceTypeFilter: pattern ? RESOURCE_TYPES.indexOf(pattern.resourceType) : ANY,
    resourceNameFilter: pattern?.name ?? null,
    patternTypeFilter: pattern ? PATTERN_TYPES.indexOf(pattern.patternType) : ANY,
    principalFilter: entry?.principal ?? null,
    hostFilter: entry?.host ?? null,
    operation: entry ? OPERATIONS.indexOf(entry.operation) : ANY,
    permissionType: entry ? PERMISSIONS.indexOf(entry.permissionType) : ANY,
  };
}

/** The ACLs of matching resources, or of all resources without a pattern. */
export async function describeAcls(cluster: Cluster, pattern?: Pattern): Promise<AclBinding[]> {
  const response = await cluster.send(describeApi, filterOf(pattern, undefined), {
    call: 'describeAcls',
    controllers: true,
  });
  check(response.errorCode, response.errorMessage);
  return response.resources.flatMap(({ resourceType, resourceName, patternType, acls }) =>
    acls.map(({ principal, host, operation, permissionType }) => ({
      pattern: {
        resourceType: RESOURCE_TYPES[resourceType] ?? 'UNKNOWN',
        name: resourceName,
        patternType: PATTERN_TYPES[patternType] ?? 'UNKNOWN',
      },
      entry: {
        principal,
        host,
        operation: OPERATIONS[operation] ?? 'UNKNOWN',
        permissionType: PERMISSIONS[permissionType] ?? 'UNKNOWN',
      },
    })),
  );
}

/** Adds ACLs; throws the first error. */
export async function createAcls(cluster: Cluster, pattern: Pattern, entries: readonly AclEntry[]): Promise<void> {
  const creations = entries.map(({ principal, host, operation, permissionType }) => ({
    resourceType: RESOURCE_TYPES.indexOf(pattern.resourceType),
    resourceName: pattern.name,
    resourcePatternType: PATTERN_TYPES.indexOf(pattern.patternType),
    principal,
    host,
    operation: OPERATIONS.indexOf(operation),
    permissionType: PERMISSIONS.indexOf(permissionType),
  }));
  const { results } = await cluster.send(createApi, { creations }, { call: 'createAcls', controllers: true });
  for (const { errorCode, errorMessage } of results) check(errorCode, errorMessage);
}

/** Deletes these ACLs of matching resources, or all of their ACLs when `entries` is empty; throws the first error. */
export async function deleteAcls(cluster: Cluster, pattern: Pattern, entries: readonly AclEntry[]): Promise<void> {
  const filters = entries.length === 0 ? [filterOf(pattern, undefined)] : entries.map((e) => filterOf(pattern, e));
  const { filterResults } = await cluster.send(deleteApi, { filters }, { call: 'deleteAcls', controllers: true });
  for (const { errorCode, errorMessage, matchingAcls } of filterResults) {
    check(errorCode, errorMessage);
    for (const deleted of matchingAcls) check(deleted.errorCode, deleted.errorMessage);
  }
}
