/** Valid topic names. Mirrors common.internals.Topic. */

export const GROUP_METADATA_TOPIC = '__consumer_offsets';
export const TRANSACTION_STATE_TOPIC = '__transaction_state';
export const SHARE_GROUP_STATE_TOPIC = '__share_group_state';
export const CLUSTER_METADATA_TOPIC = '__cluster_metadata';

const INTERNAL: ReadonlySet<string> = new Set([GROUP_METADATA_TOPIC, TRANSACTION_STATE_TOPIC, SHARE_GROUP_STATE_TOPIC]);
const MAX_NAME_LENGTH = 249;

/** Whether it is one of Kafka's internal topics. */
export const isInternal = (name: string): boolean => INTERNAL.has(name);

/** Kafka's error message for an invalid topic name; null for a valid one. */
export function invalidTopicName(name: string): string | null {
  const why = reason(name);
  return why === null ? null : `Topic name is invalid: ${why}`;
}

function reason(name: string): string | null {
  if (name === '') return 'the empty string is not allowed';
  if (name === '.' || name === '..') return `'${name}' is not allowed`;
  if (name.length > MAX_NAME_LENGTH) {
    return `the length of '${name}' is longer than the max allowed length ${MAX_NAME_LENGTH}`;
  }
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`;
  }
  return null;
}

/** Metric names do not distinguish '.' from '_', so two topics that differ only in them collide. */
export const hasCollisionChars = (name: string): boolean => name.includes('_') || name.includes('.');
/** Names that collide are equal after this. */
export const unifyCollisionChars = (name: string): string => name.replaceAll('.', '_');
