/** Mirrors ControllerApis.createTopics and ReplicationControlManager.createTopics. */

import { CLUSTER_METADATA_TOPIC } from '../../kafka/topic-names.js';
import { createTopics } from '../../protocol/apis/19-create-topics.js';
import { Errors } from '../../protocol/errors.js';
import type { ResponseInput } from '../../protocol/wire/schema.js';
import type { Broker, MetadataRecord } from '../api.js';
import { describeTopic } from '../config/describe.js';
import { handler } from '../handler.js';
import { checkTotalPartitions, failure, type NewTopic, type PlannedTopic, planTopic } from '../topics.js';

type Result = ResponseInput<typeof createTopics>['topics'][number];

export default handler({
  api: createTopics,
  async handle(request, _context, broker) {
    const { unique, repeated } = byName(request.topics);
    const allowed = unique.filter((t) => t.name !== CLUSTER_METADATA_TOPIC);
    const results: Result[] = [];
    const records: MetadataRecord[] = [];
    try {
      checkTotalPartitions(allowed, Number(broker.setting('num.partitions')));
    } catch (error) {
      return { topics: request.topics.map((t) => ({ name: t.name, ...failure(error) })) };
    }
    for (const topic of allowed) {
      try {
        const plan = planTopic(broker, topic);
        records.push(...plan.records);
        results.push(success(plan, broker));
      } catch (error) {
        results.push({ name: topic.name, ...failure(error) });
      }
    }
    if (!request.validateOnly) await broker.metadata.write(records);
    const refuse = (name: string, errorMessage: string): void => {
      results.push({ name, errorCode: Errors.INVALID_REQUEST, errorMessage });
    };
    for (const name of repeated) refuse(name, 'Duplicate topic name.');
    if (allowed.length < unique.length) {
      refuse(CLUSTER_METADATA_TOPIC, `Creation of internal topic ${CLUSTER_METADATA_TOPIC} is prohibited.`);
    }
    return { topics: results };
  },
});

function byName(topics: readonly NewTopic[]): { unique: NewTopic[]; repeated: Set<string> } {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { name } of topics) {
    if (seen.has(name)) repeated.add(name);
    seen.add(name);
  }
  return { unique: topics.filter((t) => !repeated.has(t.name)), repeated };
}

const success = (plan: PlannedTopic, broker: Broker): Result => ({
  name: plan.name,
  topicId: plan.id,
  errorCode: Errors.NONE,
  errorMessage: null,
  numPartitions: plan.partitions,
  replicationFactor: 1,
  configs: describeTopic(plan.configs, broker.config)
    .map((c) => ({
      name: c.name,
      value: c.isSensitive ? null : c.value,
      readOnly: c.readOnly,
      configSource: c.configSource,
      isSensitive: c.isSensitive,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1)),
});
