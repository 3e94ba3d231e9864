/**
 * Refused requests, as Kafka's authorizer log has them. Mirrors StandardAuthorizerData.logAuditMessage, but of one principal,
 * operation and type of resource one line a second: whoever has no rights cannot fill the disk.
 */
import type { Broker } from '../api.js';
import { oneLine, RateLimited } from '../network/rate-limited.js';
import { type Acl, type Asker, applies, Operation, PatternType, Permission, ResourceType } from './authorizer.js';

/** What was refused, and in which request. */
export interface Refused extends Asker {
  /** as the protocol names it: "Metadata" */
  readonly api: { readonly key: number; readonly name: string };
  readonly request: object;
  readonly operation: number;
  readonly resourceType: number;
  readonly name: string;
}

/** Requests that leave out of their answers what may not be seen: only what they name themselves was refused to them. */
const FILTERS: ReadonlySet<number> = new Set([3, 9, 15, 16, 66, 68, 69, 74, 75, 76, 77, 90]);

const RESOURCES: Readonly<Record<number, string>> = {
  [ResourceType.TOPIC]: 'Topic',
  [ResourceType.GROUP]: 'Group',
  [ResourceType.CLUSTER]: 'Cluster',
  [ResourceType.TRANSACTIONAL_ID]: 'TransactionalId',
  [ResourceType.DELEGATION_TOKEN]: 'DelegationToken',
  [ResourceType.USER]: 'User',
};
const nameOf = (enumeration: Readonly<Record<string, number>>, id: number): string =>
  Object.entries(enumeration).find(([, value]) => value === id)?.[0] ?? 'UNKNOWN';

function collect(value: unknown, into: Set<string>): void {
  if (typeof value === 'string') into.add(value);
  else if (typeof value === 'object' && value !== null && !Buffer.isBuffer(value)) {
    for (const part of Object.values(value)) collect(part, into);
  }
}

/** Every text in a request, gathered once: a request for many names is refused many times. */
const texts = new WeakMap<object, ReadonlySet<string>>();
function textsOf(request: object): ReadonlySet<string> {
  let found = texts.get(request);
  if (!found) {
    const gathered = new Set<string>();
    collect(request, gathered);
    texts.set(request, (found = gathered));
  }
  return found;
}

/** An attempt that Kafka makes quietly, for it goes on with another right. */
const triedFirst = ({ api, operation, resourceType }: Refused): boolean =>
  resourceType === ResourceType.CLUSTER &&
  ((operation === Operation.CREATE && (api.key === 3 || api.key === 19)) ||
    (operation === Operation.DESCRIBE && api.key === 16) ||
    (operation === Operation.ALTER && api.key === 27) ||
    (operation === Operation.CLUSTER_ACTION && (api.key === 1 || api.key === 23)));

let silent = false;

/** Nothing in `work` (which must not wait for anything) is an attempt: it looks up what to say about rights. */
export function unlogged<T>(work: () => T): T {
  const before = silent;
  silent = true;
  try {
    return work();
  } finally {
    silent = before;
  }
}

export class AuthorizerLog {
  readonly #broker: Broker;
  readonly #limited: RateLimited;

  constructor(broker: Broker) {
    this.#broker = broker;
    this.#limited = new RateLimited((line) => broker.warn(line));
  }

  denied(refused: Refused): void {
    if (silent || triedFirst(refused)) return;
    const { api, principal, operation, resourceType, name } = refused;
    const named = resourceType === ResourceType.CLUSTER || !FILTERS.has(api.key);
    if (!named && !textsOf(refused.request).has(name)) return;
    this.#limited.say(`${principal} ${operation} ${resourceType}`, () => oneLine(this.#line(refused)));
  }

  #line(refused: Refused): string {
    const resource = `${RESOURCES[refused.resourceType] ?? 'Unknown'}:LITERAL:${refused.name}`;
    return (
      `Principal = ${refused.principal} is Denied operation = ${nameOf(Operation, refused.operation)} ` +
      `from host = ${refused.host} on resource = ${resource} for request = ${refused.api.name} ` +
      `with resourceRefCount = 1 based on rule ${this.#rule(refused)}`
    );
  }

  #rule(refused: Refused): string {
    for (const acl of this.#broker.metadata.acls.values()) {
      if (acl.permissionType === Permission.DENY && covers(acl, refused) && applies(acl, refused, refused.operation)) {
        return `MatchingAcl(acl=${standardAcl(acl)})`;
      }
    }
    return 'DefaultDeny';
  }
}

const covers = (acl: Acl, { resourceType, name }: Refused): boolean =>
  acl.resourceType === resourceType &&
  (acl.patternType === PatternType.PREFIXED
    ? name.startsWith(acl.resourceName)
    : acl.resourceName === name || acl.resourceName === '*');

const standardAcl = (acl: Acl): string =>
  `StandardAcl[resourceType=${nameOf(ResourceType, acl.resourceType)}, resourceName=${acl.resourceName}, ` +
  `patternType=${nameOf(PatternType, acl.patternType)}, principal=${acl.principal}, host=${acl.host}, ` +
  `operation=${nameOf(Operation, acl.operation)}, permissionType=${nameOf(Permission, acl.permissionType)}]`;
