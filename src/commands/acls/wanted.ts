/** The ACLs that the flags add or remove, by resource. Mirrors tools/AclCommand.getResourceFilterToAcls. */
import { type AclEntry, OPERATIONS, type Pattern, patternText } from '../../client/admin/acls.js';
import { JavaError } from '../../java/exceptions.js';
import { parsePrincipal } from '../../kafka/principals.js';
import type { AclOptions } from './flags.js';

export interface Wanted {
  readonly pattern: Pattern;
  readonly entries: readonly AclEntry[];
}

const CLUSTER: Pattern = { resourceType: 'CLUSTER', name: 'kafka-cluster', patternType: 'LITERAL' };

/** The operations that each resource type supports. Mirrors security/authorizer/AclEntry.supportedOperations. */
const SUPPORTED: Readonly<Record<string, readonly string[]>> = {
  TOPIC: ['READ', 'WRITE', 'CREATE', 'DESCRIBE', 'DELETE', 'ALTER', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS'],
  GROUP: ['READ', 'DESCRIBE', 'DELETE', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS'],
  CLUSTER: ['CREATE', 'CLUSTER_ACTION', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS', 'IDEMPOTENT_WRITE', 'ALTER', 'DESCRIBE'],
  TRANSACTIONAL_ID: ['DESCRIBE', 'WRITE', 'TWO_PHASE_COMMIT'],
  DELEGATION_TOKEN: ['DESCRIBE'],
  USER: ['CREATE_TOKENS', 'DESCRIBE_TOKENS'],
};

const NAMED = [
  ['topic', 'TOPIC'],
  ['cluster', 'CLUSTER'],
  ['group', 'GROUP'],
  ['transactional-id', 'TRANSACTIONAL_ID'],
  ['delegation-token', 'DELEGATION_TOKEN'],
  ['user-principal', 'USER'],
] as const;

/** The resources named by the flags, without duplicates. Java's order depends on identity hashes, so ours cannot match it. */
export function patternsOf(options: AclOptions): Pattern[] {
  const patternType = options.value('resource-pattern-type').toUpperCase();
  const patterns = NAMED.flatMap(([name, resourceType]): Pattern[] => {
    if (name === 'cluster')
      return patternType === 'LITERAL' && (options.has('cluster') || options.has('idempotent')) ? [CLUSTER] : [];
    const trimmed = (value: string) => (name === 'transactional-id' ? value : value.trim());
    return options.values(name).map((value) => ({ resourceType, name: trimmed(value), patternType }));
  });
  return [...new Map(patterns.map((pattern) => [patternText(pattern), pattern])).values()];
}

/** Every resource with its ACLs. Throws the Java tool's usage error when no resource is given or an operation does not apply to it. */
export function wantedAcls(options: AclOptions): Wanted[] {
  const patterns = () => {
    const found = patternsOf(options);
    if (found.length > 0) return found;
    throw options.usage(
      'You must provide at least one resource: --topic <topic> or --cluster or --group <group> or --delegation-token <Delegation Token ID>',
    );
  };
  const wanted =
    options.has('producer') || options.has('consumer')
      ? forRoles(options, patterns())
      : ((entries) => patterns().map((pattern) => ({ pattern, entries })))(typedEntries(options));
  for (const { pattern, entries } of wanted) checkOperations(options, pattern.resourceType, entries);
  return wanted;
}

function forRoles(options: AclOptions, patterns: readonly Pattern[]): Wanted[] {
  const producer: Record<string, string[]> = {
    TOPIC: ['DESCRIBE', 'CREATE', 'WRITE'],
    TRANSACTIONAL_ID: ['DESCRIBE', 'WRITE'],
    ...(options.has('idempotent') && { CLUSTER: ['IDEMPOTENT_WRITE'] }),
  };
  const consumer: Record<string, string[]> = { TOPIC: ['READ', 'DESCRIBE'], GROUP: ['READ'] };
  const roles = [...(options.has('producer') ? [producer] : []), ...(options.has('consumer') ? [consumer] : [])];
  // --idempotent always applies to the cluster, whatever the pattern type
  const all = options.has('idempotent') && !patterns.includes(CLUSTER) ? [...patterns, CLUSTER] : patterns;
  return all.flatMap((pattern) => {
    const operations = roles.filter((role) => role[pattern.resourceType]).map((role) => role[pattern.resourceType]!);
    if (operations.length === 0) return [];
    return [{ pattern, entries: entriesFor(options, [...new Set(operations.flat())]) }];
  });
}

function typedEntries(options: AclOptions): AclEntry[] {
  const operations = options.values('operation').map((typed) => {
    const name = typed.trim().toUpperCase();
    return OPERATIONS.find((operation) => operation.replaceAll('_', '') === name) ?? 'UNKNOWN';
  });
  return entriesFor(options, [...new Set(operations)]);
}

function entriesFor(options: AclOptions, operations: readonly string[]): AclEntry[] {
  const allowed = principalsOf(options, 'allow-principal');
  const denied = principalsOf(options, 'deny-principal');
  return [
    ...entries(allowed, hostsOf(options, 'allow-host'), operations, 'ALLOW'),
    ...entries(denied, hostsOf(options, 'deny-host'), operations, 'DENY'),
  ];
}

function entries(
  principals: readonly string[],
  hosts: readonly string[],
  operations: readonly string[],
  permissionType: string,
): AclEntry[] {
  return principals.flatMap((principal) =>
    operations.flatMap((operation) => {
      if (operation === 'ANY') throw new JavaError('java.lang.IllegalArgumentException', 'operation must not be ANY');
      return hosts.map((host) => ({ principal, host, operation, permissionType }));
    }),
  );
}

function hostsOf(options: AclOptions, name: 'allow-host' | 'deny-host'): string[] {
  return options.has(name) ? [...new Set(options.values(name).map((host) => host.trim()))] : ['*'];
}

/** The principals ("User:alice") of a flag, without duplicates. */
export function principalsOf(
  options: AclOptions,
  name: 'allow-principal' | 'deny-principal' | 'principal',
): readonly string[] {
  return [...new Set(options.values(name).map((typed) => parsePrincipal(typed.trim()).text))];
}

function checkOperations(options: AclOptions, resourceType: string, list: readonly AclEntry[]): void {
  const supported = [...(SUPPORTED[resourceType] as string[]), 'ALL'];
  if (list.every(({ operation }) => supported.includes(operation))) return;
  throw options.usage(`ResourceType ${resourceType} only supports operations [${supported.join(', ')}]`);
}
