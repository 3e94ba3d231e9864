/** Quotas of users, clients and ips. Mirrors Admin.describeClientQuotas and alterClientQuotas. */
import { describeClientQuotas } from '../../protocol/apis/48-describe-client-quotas.js';
import { alterClientQuotas } from '../../protocol/apis/49-alter-client-quotas.js';
import { check } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';

export type QuotaEntityType = 'user' | 'client-id' | 'ip';

export interface QuotaEntity {
  readonly entityType: QuotaEntityType;
  /** null: the default entity; undefined, in a filter: any */
  readonly entityName: string | null | undefined;
}

export interface Quotas {
  readonly entity: ReadonlyMap<string, string | null>;
  readonly values: ReadonlyMap<string, number>;
}

const Match = { exact: 0, default: 1, any: 2 } as const;

/** The quotas of entities with exactly these components. */
export async function quotasOf(cluster: Cluster, wanted: readonly QuotaEntity[], timeoutMs: number): Promise<Quotas[]> {
  const components = wanted.map(({ entityType, entityName }) => ({
    entityType,
    matchType: entityName === undefined ? Match.any : entityName === null ? Match.default : Match.exact,
    match: entityName ?? null,
  }));
  const response = await cluster.send(
    describeClientQuotas,
    { components, strict: true },
    { timeoutMs, call: 'describeClientQuotas' },
  );
  check(response.errorCode, response.errorMessage);
  return (response.entries ?? []).map(({ entity, values }) => ({
    entity: new Map(entity.map((e) => [e.entityType, e.entityName])),
    values: new Map(values.map((v) => [v.key, v.value])),
  }));
}

/** Sets and removes quotas of an entity. */
export async function alterQuotas(
  cluster: Cluster,
  entity: readonly { readonly entityType: QuotaEntityType; readonly entityName: string | null }[],
  { set, unset }: { readonly set: ReadonlyMap<string, number>; readonly unset: readonly string[] },
  timeoutMs: number,
): Promise<void> {
  const ops = [
    ...[...set].map(([key, value]) => ({ key, value, remove: false })),
    ...unset.map((key) => ({ key, value: 0, remove: true })),
  ];
  const { entries } = await cluster.send(
    alterClientQuotas,
    { entries: [{ entity: [...entity], ops }], validateOnly: false },
    { timeoutMs, call: 'alterClientQuotas' },
  );
  for (const { errorCode, errorMessage } of entries) check(errorCode, errorMessage);
}
