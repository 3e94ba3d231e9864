/**
 * Logs denied requests like Kafka's authorizer log. Mirrors StandardAuthorizerData.logAuditMessage, but limited to one
 * line per second for each principal, operation and resource type, so that an unauthorized client cannot fill the disk.
 */
import type { Broker } from '../api.js';
import { oneLine, RateLimited } from '../network/rate-limited.js';
import { type Acl, applies, Operation, PatternType, Permission, type Requester, ResourceType } from './authorizer.js';

/** A denied operation and its request. */
export interface Refused extends Requester {
  /** the API, named as in the protocol: "Metadata" */
  readonly api: { readonly key: number; readonly name: string };
  readonly request: object;
  readonly operation: number;
  readonly resourceType: number;
  readonly name: string;
}

/** APIs whose responses omit unauthorized resources: a denial is logged only for resources that the request names. */
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

/** All strings in a request, collected once per request, as many names in it may be denied. */
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

/** Kafka does not log these denials, because it then tries another permission. */
const triedFirst = ({ api, operation, resourceType }: Refused): boolean =>
  resourceType === ResourceType.CLUSTER &&
  ((operation === Operation.CREATE && (api.key === 3 || api.key === 19)) ||
    (operation === Operation.DESCRIBE && api.key === 16) ||
    (operation === Operation.ALTER && api.key === 27) ||
    (operation === Operation.CLUSTER_ACTION && (api.key === 1 || api.key === 23)));

let silent = false;

/** Runs `work`, which must be synchronous, without logging denials: it only computes authorized operations. */
export function unlogged<T>(work: () => T): T {
  const before = silent;
  silent = true;
  try {
    return work();
  } finally {
    silent = before;
  }
}

/** The log of denied requests. */
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
    this.#limited.log(`${principal} ${operation} ${resourceType}`, () => oneLine(this.#line(refused)));
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
