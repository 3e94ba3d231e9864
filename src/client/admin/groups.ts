/** Listing and deleting groups. Mirrors clients/admin's group handlers. */

import { JavaError } from '../../java/exceptions.js';
import { listGroups as listGroupsApi } from '../../protocol/apis/16-list-groups.js';
import { deleteGroups as deleteGroupsApi } from '../../protocol/apis/42-delete-groups.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';

export interface GroupListing {
  readonly groupId: string;
  /** "Classic", "Consumer", … ; undefined from brokers below ListGroups v5 */
  readonly type: string | undefined;
  readonly protocolType: string;
  /** "Stable", "Empty", … ; undefined from brokers below ListGroups v4 */
  readonly state: string | undefined;
}

export interface GroupFilter {
  /** states in the broker's spelling; empty: all */
  readonly states?: readonly string[];
  /** types in the broker's spelling; empty: all */
  readonly types?: readonly string[];
  /** empty: all */
  readonly protocolTypes?: readonly string[];
}

export const GROUP_TYPES = ['Consumer', 'Classic', 'Share', 'Streams'] as const;

/** Consumer groups of both protocols, and groups that only have committed offsets. */
export const CONSUMER_GROUPS: GroupFilter = { types: ['Classic', 'Consumer'], protocolTypes: ['', 'consumer'] };

export const SHARE_GROUPS: GroupFilter = { types: ['Share'] };

/** Retriable errors after which the coordinator is looked up again. */
const RETRIABLE_COORDINATOR_ERRORS: readonly number[] = [
  Errors.COORDINATOR_LOAD_IN_PROGRESS,
  Errors.COORDINATOR_NOT_AVAILABLE,
  Errors.NOT_COORDINATOR,
];
/** The error code if it is retriable after a new coordinator lookup, else 0: for `SendOptions.errorOf`. */
export const retriableCoordinatorError = (code: number | undefined): number =>
  RETRIABLE_COORDINATOR_ERRORS.includes(code ?? 0) ? (code as number) : 0;

/** Asks every broker for its groups. Throws the first broker's error. */
export async function listGroups(cluster: Cluster, filter: GroupFilter, timeoutMs?: number): Promise<GroupListing[]> {
  const bound = timeoutMs === undefined ? {} : { timeoutMs };
  const { brokers } = await cluster.metadata([], { ...bound, call: 'findAllBrokers' }).catch((error) => {
    throw new JavaError('org.apache.kafka.common.KafkaException', 'Failed to find brokers to send ListGroups', error);
  });
  const answers = await Promise.all(brokers.map((node) => groupsOf(cluster, node.id, filter, bound)));
  const wanted = filter.protocolTypes ?? [];
  const groups = new Map<string, GroupListing>();
  for (const group of answers.flat()) {
    if (wanted.length === 0 || wanted.includes(group.protocolType)) groups.set(group.groupId, group);
  }
  return [...groups.values()];
}

async function groupsOf(
  cluster: Cluster,
  node: number,
  { states = [], types = [] }: GroupFilter,
  bound: { timeoutMs?: number },
): Promise<GroupListing[]> {
  const version = (await cluster.connection(node)).version(listGroupsApi);
  checkFilters(version, states, types);
  const response = await cluster.send(
    listGroupsApi,
    { statesFilter: states, typesFilter: types },
    { ...bound, to: { node }, call: 'listGroups', errorOf: (r) => retriableCoordinatorError(r.errorCode) },
  );
  if (response.errorCode !== 0) {
    const { message } = new KafkaError(response.errorCode);
    throw new KafkaError(response.errorCode, `Error listing groups on ${node}: ${message}`);
  }
  return response.groups.map(({ groupId, protocolType, groupState, groupType }) => ({
    groupId,
    protocolType,
    // brokers send "classic" or "Classic"; Java prints its own enum's spelling
    type: GROUP_TYPES.find((type) => type.toLowerCase() === groupType.toLowerCase()),
    state: groupState || undefined,
  }));
}

/** Brokers older than 3.8 only have classic groups, so a type filter that includes those can be dropped. */
function checkFilters(version: number, states: readonly string[], types: readonly string[]): void {
  const too = (what: string) => `The broker only supports ListGroups v${version}, but we need ${what}`;
  if (states.length > 0 && version < 4) {
    throw new KafkaError(Errors.UNSUPPORTED_VERSION, too('v4 or newer to request groups by states.'));
  }
  if (types.length > 0 && version < 5 && !types.includes('Classic')) {
    const requested = `Requested group types: [${types.join(', ')}].`;
    throw new KafkaError(Errors.UNSUPPORTED_VERSION, too(`v5 or newer to request groups by type. ${requested}`));
  }
}

/** Deletes groups; returns per group undefined, or the error. `call`: the admin client's name of the call. */
export async function deleteGroups(
  cluster: Cluster,
  groupIds: readonly string[],
  timeoutMs: number,
  call: 'deleteConsumerGroups' | 'deleteShareGroups' = 'deleteConsumerGroups',
): Promise<Map<string, KafkaError | undefined>> {
  const outcomes = await Promise.all(groupIds.map((groupId) => deleteGroup(cluster, groupId, timeoutMs, call)));
  return new Map(groupIds.map((groupId, i) => [groupId, outcomes[i]]));
}

async function deleteGroup(
  cluster: Cluster,
  groupId: string,
  timeoutMs: number,
  call: string,
): Promise<KafkaError | undefined> {
  try {
    const { results } = await cluster.send(
      deleteGroupsApi,
      { groupsNames: [groupId] },
      {
        to: { group: groupId },
        timeoutMs,
        call: `${call}(api=FIND_COORDINATOR)`,
        errorOf: (r) => retriableCoordinatorError(r.results[0]?.errorCode),
      },
    );
    const code = results[0]?.errorCode ?? 0;
    return code === 0 ? undefined : new KafkaError(code);
  } catch (error) {
    if (error instanceof KafkaError) return error;
    throw error;
  }
}
