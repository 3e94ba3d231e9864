/** The topics a consumer wants: named, or all whose whole name a pattern matches. */
import type { ConsumerMetadata } from './metadata.js';

export type Subscription =
  | { readonly topics: readonly string[] }
  | { readonly pattern: RegExp; readonly excludeInternal: boolean };

/** The names the subscription stands for now, sorted. */
export function subscribedTopics(subscription: Subscription, metadata: ConsumerMetadata): string[] {
  if ('topics' in subscription) return [...subscription.topics];
  const { pattern, excludeInternal } = subscription;
  return [...metadata.topics.values()]
    .filter((topic) => pattern.test(topic.name) && !(excludeInternal && topic.isInternal))
    .map((topic) => topic.name)
    .sort();
}

/** What metadata has to be asked for; null: everything. */
export const wantedTopics = (subscription: Subscription): readonly string[] | null =>
  'topics' in subscription ? subscription.topics : null;
