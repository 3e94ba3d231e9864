/**
 * The cluster's state: topics, partitions, configs, features and producer ids, built from the records of
 * __cluster_metadata. Records of things this broker does not have (delegation tokens, controllers …) are ignored; they
 * stay in the log for Kafka to read. Pure: no I/O, no clock.
 */

import { hasCollisionChars, unifyCollisionChars } from '../../kafka/topic-names.js';
import {
  accessControlEntryRecord,
  brokerRegistrationChangeRecord,
  clearElrRecord,
  clientQuotaRecord,
  configRecord,
  featureLevelRecord,
  fenceBrokerRecord,
  partitionChangeRecord,
  partitionRecord,
  producerIdsRecord,
  registerBrokerRecord,
  removeAccessControlEntryRecord,
  removeTopicRecord,
  removeUserScramCredentialRecord,
  topicRecord,
  unfenceBrokerRecord,
  unregisterBrokerRecord,
  userScramCredentialRecord,
} from '../../protocol/messages/metadata-records.js';
import type { MessageOf } from '../../protocol/wire/schema.js';
import type { MetadataRecord, PartitionState, TopicState } from '../api.js';

interface Topic extends TopicState {
  readonly partitions: PartitionState[];
}
/** A broker registration, as far as this broker uses it. */
export interface BrokerRegistration {
  readonly brokerId: number;
  readonly brokerEpoch: bigint;
  fenced: boolean;
}
// biome-ignore lint/suspicious/noExplicitAny: each entry of APPLY is typed by its own record
type Apply = (state: MetadataState, value: any) => void;
type Entity = MessageOf<typeof clientQuotaRecord>['entity'];

const NO_CONFIGS: ReadonlyMap<string, string> = new Map();
/** In a PartitionChangeRecord: the leader does not change. */
const NO_LEADER_CHANGE = -2;

/** The replayed state. */
export class MetadataState {
  readonly byName = new Map<string, Topic>();
  readonly byId = new Map<string, Topic>();
  /** topic names by their form with '.' and '_' unified; names in one set collide */
  readonly colliding = new Map<string, Set<string>>();
  readonly features = new Map<string, number>();
  readonly brokers = new Map<number, BrokerRegistration>();
  readonly acls = new Map<string, MessageOf<typeof accessControlEntryRecord>>();
  /** by SCRAM mechanism number and user name */
  readonly scramCredentials = new Map<string, MessageOf<typeof userScramCredentialRecord>>();
  readonly quotas = new Map<string, { entity: Entity; values: Map<string, number> }>();
  nextProducerId = 0n;
  readonly #configs = new Map<number, Map<string, Map<string, string>>>();

  configs(resourceType: number, resourceName: string): ReadonlyMap<string, string> {
    return this.#configs.get(resourceType)?.get(resourceName) ?? NO_CONFIGS;
  }
  configuredResources(resourceType: number): Iterable<string> {
    return this.#configs.get(resourceType)?.keys() ?? [];
  }

  apply(record: MetadataRecord): void {
    APPLY.get(record.message.name)?.(this, record.value);
  }

  addTopic(name: string, id: string): void {
    const topic: Topic = { name, id, partitions: [] };
    this.byName.set(name, topic);
    this.byId.set(id, topic);
    if (!hasCollisionChars(name)) return;
    const shared = unifyCollisionChars(name);
    const names = this.colliding.get(shared);
    if (names) names.add(name);
    else this.colliding.set(shared, new Set([name]));
  }

  removeTopic(id: string): void {
    const topic = this.byId.get(id);
    if (!topic) return;
    this.byId.delete(id);
    this.byName.delete(topic.name);
    this.#configs.get(2)?.delete(topic.name);
    const shared = unifyCollisionChars(topic.name);
    const names = this.colliding.get(shared);
    names?.delete(topic.name);
    if (names?.size === 0) this.colliding.delete(shared);
  }

  setConfig(type: number, resource: string, name: string, value: string | null): void {
    let resources = this.#configs.get(type);
    if (!resources) this.#configs.set(type, (resources = new Map()));
    let configs = resources.get(resource);
    if (!configs) resources.set(resource, (configs = new Map()));
    if (value === null) configs.delete(name);
    else configs.set(name, value);
    if (configs.size === 0) resources.delete(resource);
  }
}

const APPLY = new Map<string, Apply>();
const on = <M extends { name: string }>(
  message: M,
  apply: (state: MetadataState, value: MessageOf<M>) => void,
): void => {
  APPLY.set(message.name, apply as Apply);
};

on(topicRecord, (state, v) => state.addTopic(v.name, v.topicId));
on(removeTopicRecord, (state, v) => state.removeTopic(v.topicId));
on(partitionRecord, (state, v) => {
  const topic = state.byId.get(v.topicId);
  if (!topic) return;
  topic.partitions[v.partitionId] = {
    index: v.partitionId,
    replicas: v.replicas,
    isr: v.isr,
    leader: v.leader,
    leaderEpoch: v.leaderEpoch,
    partitionEpoch: v.partitionEpoch,
    elr: v.eligibleLeaderReplicas ?? [],
    lastKnownElr: v.lastKnownElr ?? [],
  };
});
on(partitionChangeRecord, (state, v) => {
  const partitions = state.byId.get(v.topicId)?.partitions;
  const old = partitions?.[v.partitionId];
  if (!partitions || !old) return;
  const moved = v.leader !== NO_LEADER_CHANGE;
  partitions[v.partitionId] = {
    index: old.index,
    replicas: v.replicas ?? old.replicas,
    isr: v.isr ?? old.isr,
    leader: moved ? v.leader : old.leader,
    leaderEpoch: old.leaderEpoch + (moved ? 1 : 0),
    partitionEpoch: old.partitionEpoch + 1,
    elr: v.eligibleLeaderReplicas ?? old.elr,
    lastKnownElr: v.lastKnownElr ?? old.lastKnownElr,
  };
});
on(clearElrRecord, (state, v) => {
  const cleared = v.topicName === '' ? state.byName.values() : [state.byName.get(v.topicName)];
  for (const topic of cleared) {
    topic?.partitions.forEach((p, i) => {
      if (p.elr.length > 0 || p.lastKnownElr.length > 0) {
        topic.partitions[i] = { ...p, elr: [], lastKnownElr: [], partitionEpoch: p.partitionEpoch + 1 };
      }
    });
  }
});
on(configRecord, (state, v) => state.setConfig(v.resourceType, v.resourceName, v.name, v.value));
on(featureLevelRecord, (state, v) => {
  if (v.featureLevel === 0) state.features.delete(v.name);
  else state.features.set(v.name, v.featureLevel);
});
on(producerIdsRecord, (state, v) => {
  if (v.nextProducerId > state.nextProducerId) state.nextProducerId = v.nextProducerId;
});
on(registerBrokerRecord, (state, v) => {
  state.brokers.set(v.brokerId, { brokerId: v.brokerId, brokerEpoch: v.brokerEpoch, fenced: v.fenced });
});
on(unregisterBrokerRecord, (state, v) => {
  state.brokers.delete(v.brokerId);
});
const fence = (state: MetadataState, id: number, fenced: boolean): void => {
  const broker = state.brokers.get(id);
  if (broker) broker.fenced = fenced;
};
on(fenceBrokerRecord, (state, v) => fence(state, v.id, true));
on(unfenceBrokerRecord, (state, v) => fence(state, v.id, false));
on(brokerRegistrationChangeRecord, (state, v) => {
  if (v.fenced !== 0) fence(state, v.brokerId, v.fenced > 0);
});
on(accessControlEntryRecord, (state, v) => {
  state.acls.set(v.id, v);
});
on(removeAccessControlEntryRecord, (state, v) => {
  state.acls.delete(v.id);
});
on(userScramCredentialRecord, (state, v) => {
  state.scramCredentials.set(`${v.mechanism} ${v.name}`, v);
});
on(removeUserScramCredentialRecord, (state, v) => {
  state.scramCredentials.delete(`${v.mechanism} ${v.name}`);
});
on(clientQuotaRecord, (state, v) => {
  const key = JSON.stringify(v.entity.map((e) => [e.entityType, e.entityName]).sort());
  let quota = state.quotas.get(key);
  if (!quota) state.quotas.set(key, (quota = { entity: v.entity, values: new Map() }));
  if (v.remove) quota.values.delete(v.key);
  else quota.values.set(v.key, v.value);
  if (quota.values.size === 0) state.quotas.delete(key);
});
