/** A fetch position as Java's exceptions show it. */
import type { Node } from '../cluster/types.js';
import type { PartitionState } from './partition-state.js';

/** Mirrors toString of SubscriptionState.FetchPosition, Metadata.LeaderAndEpoch and Node. */
export function positionText(state: PartitionState, leader: Node | undefined): string {
  const node = leader
    ? `Optional[${leader.host}:${leader.port} (id: ${leader.id} rack: ${leader.rack} isFenced: false)]`
    : 'Optional.empty';
  const offsetEpoch = state.fetchEpoch >= 0 ? `Optional[${state.fetchEpoch}]` : 'Optional.empty';
  const epoch = state.leaderEpoch >= 0 ? state.leaderEpoch : 'absent';
  return `FetchPosition{offset=${state.fetchOffset}, offsetEpoch=${offsetEpoch}, currentLeader=LeaderAndEpoch{leader=${node}, epoch=${epoch}}}`;
}
