/**
 * Authorizes operations by ACLs. Mirrors StandardAuthorizer: a matching DENY wins, then a matching ALLOW, then the
 * default.
 */

export const ResourceType = {
  ANY: 1,
  TOPIC: 2,
  GROUP: 3,
  CLUSTER: 4,
  TRANSACTIONAL_ID: 5,
  DELEGATION_TOKEN: 6,
  USER: 7,
} as const;
export const PatternType = { ANY: 1, MATCH: 2, LITERAL: 3, PREFIXED: 4 } as const;
export const Permission = { ANY: 1, DENY: 2, ALLOW: 3 } as const;
export const Operation = {
  ANY: 1,
  ALL: 2,
  READ: 3,
  WRITE: 4,
  CREATE: 5,
  DELETE: 6,
  ALTER: 7,
  DESCRIBE: 8,
  CLUSTER_ACTION: 9,
  DESCRIBE_CONFIGS: 10,
  ALTER_CONFIGS: 11,
  IDEMPOTENT_WRITE: 12,
  CREATE_TOKENS: 13,
  DESCRIBE_TOKENS: 14,
  TWO_PHASE_COMMIT: 15,
} as const;
export const CLUSTER_NAME = 'kafka-cluster';
const WILDCARD = '*';
const ANY_PRINCIPAL = 'User:*';
const NONE: readonly Acl[] = [];

/** An access control entry; the enums are those of the protocol. */
export interface Acl {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly patternType: number;
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly permissionType: number;
}

/** The client that sent a request. */
export interface Requester {
  readonly principal: string;
  /** "127.0.0.1" */
  readonly host: string;
}

/** ALLOW for one of these operations implies DESCRIBE. */
const IMPLIES_DESCRIBE: ReadonlySet<number> = new Set([
  Operation.DESCRIBE,
  Operation.READ,
  Operation.WRITE,
  Operation.DELETE,
  Operation.ALTER,
]);
const IMPLIES_DESCRIBE_CONFIGS: ReadonlySet<number> = new Set([Operation.DESCRIBE_CONFIGS, Operation.ALTER_CONFIGS]);

interface Section {
  readonly literal: Map<string, Acl[]>;
  readonly prefixed: Acl[];
}

/** The ACLs of one broker. */
export class Authorizer {
  readonly #sections = new Map<number, Section>();
  #reload: (() => Iterable<Acl>) | undefined;

  constructor(
    private readonly superUsers: ReadonlySet<string>,
    /** allow.everyone.if.no.acl.found */
    private readonly allowWithoutAcl: boolean,
  ) {}

  /** Replaces all ACLs. */
  load(acls: Iterable<Acl>): void {
    this.#sections.clear();
    for (const acl of acls) this.add(acl);
  }

  /** Called when ACLs were removed: reloads all of them before the next check, once for many removals. */
  invalidate(acls: () => Iterable<Acl>): void {
    this.#reload = acls;
  }

  #refresh(): void {
    if (!this.#reload) return;
    const acls = this.#reload();
    this.#reload = undefined;
    this.load(acls);
  }

  add(acl: Acl): void {
    // the pending reload includes it
    if (this.#reload) return;
    const section = this.#section(acl.resourceType);
    if (acl.patternType === PatternType.PREFIXED) section.prefixed.push(acl);
    else {
      const named = section.literal.get(acl.resourceName);
      if (named) named.push(acl);
      else section.literal.set(acl.resourceName, [acl]);
    }
  }

  #section(type: number): Section {
    let section = this.#sections.get(type);
    if (!section) this.#sections.set(type, (section = { literal: new Map(), prefixed: [] }));
    return section;
  }

  /** Whether the operation on this resource is allowed. */
  allows(who: Requester, operation: number, type: number, name: string): boolean {
    if (this.superUsers.has(who.principal)) return true;
    this.#refresh();
    const section = this.#sections.get(type);
    if (!section) return this.allowWithoutAcl;
    const named = section.literal.get(name) ?? NONE;
    const everywhere = name === WILDCARD ? NONE : (section.literal.get(WILDCARD) ?? NONE);
    let [allowed, found] = [false, named.length > 0 || everywhere.length > 0];
    for (const acl of named) {
      if (!applies(acl, who, operation)) continue;
      if (acl.permissionType === Permission.DENY) return false;
      allowed = true;
    }
    for (const acl of everywhere) {
      if (!applies(acl, who, operation)) continue;
      if (acl.permissionType === Permission.DENY) return false;
      allowed = true;
    }
    for (const acl of section.prefixed) {
      if (!name.startsWith(acl.resourceName)) continue;
      found = true;
      if (!applies(acl, who, operation)) continue;
      if (acl.permissionType === Permission.DENY) return false;
      allowed = true;
    }
    return allowed || (!found && this.allowWithoutAcl);
  }

  /** Whether the operation is allowed on any resource of the type. Mirrors Authorizer.authorizeByResourceType. */
  allowsAny(who: Requester, operation: number, type: number): boolean {
    if (this.superUsers.has(who.principal)) return true;
    this.#refresh();
    const section = this.#sections.get(type);
    const all = section ? [...[...section.literal.values()].flat(), ...section.prefixed] : [];
    const applying = all.filter((acl) => applies(acl, who, operation));
    const denied = applying.filter((acl) => acl.permissionType === Permission.DENY);
    if (denied.some((acl) => acl.patternType !== PatternType.PREFIXED && acl.resourceName === WILDCARD)) return false;
    if (this.allowWithoutAcl) return true;
    return applying.some((acl) => acl.permissionType === Permission.ALLOW && !denied.some((no) => covers(no, acl)));
  }
}

/** Whether `wide` applies to every resource that `narrow` applies to. */
function covers(wide: Acl, narrow: Acl): boolean {
  if (wide.patternType === PatternType.PREFIXED) return narrow.resourceName.startsWith(wide.resourceName);
  return narrow.patternType !== PatternType.PREFIXED && wide.resourceName === narrow.resourceName;
}

/** Whether the ACL applies to this principal, host and operation. */
export function applies(acl: Acl, who: Requester, operation: number): boolean {
  if (acl.principal !== who.principal && acl.principal !== ANY_PRINCIPAL) return false;
  if (acl.host !== WILDCARD && acl.host !== who.host) return false;
  if (acl.operation === Operation.ALL || acl.operation === operation) return true;
  if (acl.permissionType === Permission.DENY) return false;
  if (operation === Operation.DESCRIBE) return IMPLIES_DESCRIBE.has(acl.operation);
  return operation === Operation.DESCRIBE_CONFIGS && IMPLIES_DESCRIBE_CONFIGS.has(acl.operation);
}
