/** Common to both alter requests: every resource succeeds or fails on its own, and must not be repeated. */
import { Errors, errorText, KafkaError } from '../../protocol/errors.js';
import type { Broker, MetadataRecord } from '../api.js';
import type { Resource } from './alter.js';

interface Named {
  readonly resourceType: number;
  readonly resourceName: string;
}
interface Altered extends Named {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/**
 * Plans each change, writes those that are valid as one metadata batch unless validateOnly, and returns one result per
 * resource.
 */
export async function alterEach<R extends Named>(
  broker: Broker,
  request: { readonly resources: readonly R[]; readonly validateOnly: boolean },
  plan: (resource: Resource, requested: R) => MetadataRecord[],
): Promise<Altered[]> {
  const id = (r: Named) => `${r.resourceType} ${r.resourceName}`;
  const seen = new Map<string, number>();
  for (const r of request.resources) seen.set(id(r), (seen.get(id(r)) ?? 0) + 1);
  const records: MetadataRecord[] = [];
  const answers = request.resources.map((requested): Altered => {
    const { resourceType, resourceName } = requested;
    try {
      if ((seen.get(id(requested)) as number) > 1) {
        throw new KafkaError(Errors.INVALID_REQUEST, 'Each resource must appear at most once.');
      }
      records.push(...plan({ type: resourceType, name: resourceName }, requested));
      return { errorCode: 0, errorMessage: null, resourceType, resourceName };
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      const errorMessage = error.message === errorText(error.code) ? null : error.message;
      return { errorCode: error.code, errorMessage, resourceType, resourceName };
    }
  });
  if (records.length > 0 && !request.validateOnly) await broker.metadata.write(records);
  return answers;
}
