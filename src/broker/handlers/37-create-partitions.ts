/** Mirrors ControllerApis.createPartitions and ReplicationControlManager.createPartitions. */
import { createPartitions } from '../../protocol/apis/37-create-partitions.js';
import { Errors } from '../../protocol/errors.js';
import type { ResponseInput } from '../../protocol/wire/schema.js';
import type { MetadataRecord } from '../api.js';
import { handler } from '../handler.js';
import { failure, planPartitions } from '../topics.js';

export default handler({
  api: createPartitions,
  async handle(request, _context, broker) {
    const seen = new Set<string>();
    const repeated = new Set<string>();
    for (const { name } of request.topics) (seen.has(name) ? repeated : seen).add(name);
    const results: ResponseInput<typeof createPartitions>['results'][number][] = [...repeated].map((name) => ({
      name,
      errorCode: Errors.INVALID_REQUEST,
      errorMessage: 'Duplicate topic name.',
    }));
    const records: MetadataRecord[] = [];
    for (const { name, count, assignments } of request.topics) {
      if (repeated.has(name)) continue;
      try {
        records.push(...planPartitions(broker, name, count, assignments));
        results.push({ name, errorCode: Errors.NONE, errorMessage: null });
      } catch (error) {
        results.push({ name, ...failure(error) });
      }
    }
    if (!request.validateOnly) await broker.metadata.write(records);
    return { throttleTimeMs: 0, results };
  },
});
