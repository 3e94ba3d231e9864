import { describeConfigs } from '../../protocol/apis/32-describe-configs.js';
import type { Cluster } from '../cluster/types.js';

const TOPIC = 2;

/** A topic's max.message.bytes; undefined if it cannot be read (not authorized, no response). */
export async function topicMaxMessageBytes(cluster: Cluster, topic: string): Promise<number | undefined> {
  try {
    const resources = [{ resourceType: TOPIC, resourceName: topic, configurationKeys: ['max.message.bytes'] }];
    const { results } = await cluster.send(describeConfigs, { resources }, { timeoutMs: 5000 });
    const value = Number(results[0]?.configs.find((config) => config.name === 'max.message.bytes')?.value);
    return value > 0 ? value : undefined;
  } catch {
    return undefined;
  }
}
