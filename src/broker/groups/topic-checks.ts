/** Checks for OffsetCommit, TxnOffsetCommit and OffsetDelete that the partitions exist, ahead of the coordinator. */
import { Errors } from '../../protocol/errors.js';
import { ZERO_UUID } from '../../protocol/wire/schema.js';
import type { Broker } from '../api.js';

interface Asked<P> {
  readonly name: string;
  readonly topicId: string;
  readonly partitions: readonly P[];
}

/**
 * Splits the requested partitions into existing ones, with topic name and id, and errors for the others. Mirrors
 * KafkaApis.
 */
export function existing<P extends { partitionIndex: number }>(
  broker: Broker,
  topics: readonly Asked<P>[],
  byId: boolean,
): { found: (Asked<P> & { partitions: P[] })[]; errors: Failed[] } {
  const found: (Asked<P> & { partitions: P[] })[] = [];
  const errors: Failed[] = [];
  for (const requested of topics) {
    const topic = byId ? broker.metadata.topicById(requested.topicId) : broker.metadata.topic(requested.name);
    const name = byId ? (topic?.name ?? '') : requested.name;
    const topicId = byId ? requested.topicId : (topic?.id ?? ZERO_UUID);
    const missing = byId && !topic ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    const there: P[] = [];
    const failed: Failed['partitions'] = [];
    for (const p of requested.partitions) {
      if (topic?.partitions[p.partitionIndex]) there.push(p);
      else failed.push({ partitionIndex: p.partitionIndex, errorCode: missing });
    }
    if (failed.length > 0 || requested.partitions.length === 0) errors.push({ name, topicId, partitions: failed });
    if (there.length > 0) found.push({ name, topicId, partitions: there });
  }
  return { found, errors };
}

/** A topic's partitions with their error codes. */
export interface Failed {
  readonly name: string;
  readonly topicId: string;
  readonly partitions: { partitionIndex: number; errorCode: number }[];
}

/** Merges errors and results, with one entry per topic. */
export function merged(errors: readonly Failed[], results: readonly Failed[]): Failed[] {
  const all = errors.map((e) => ({ ...e }));
  for (const result of results) {
    const same = all.find((t) => t.name === result.name && t.topicId === result.topicId);
    if (same) same.partitions = [...same.partitions, ...result.partitions];
    else all.push({ ...result });
  }
  return all;
}
