/** DescribeClientQuotas v0-1. Mirrors ClientQuotasImage.describe. */
import { describeClientQuotas } from '../../protocol/apis/48-describe-client-quotas.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { RequestOf } from '../../protocol/wire/schema.js';
import type { Quota } from '../api.js';
import { handler } from '../handler.js';

type Components = RequestOf<typeof describeClientQuotas>['components'];
const Match = { EXACT: 0, DEFAULT: 1, SPECIFIED: 2 } as const;

export default handler({
  api: describeClientQuotas,
  handle({ components, strict }, _context, broker) {
    try {
      checkComponents(components);
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      return { throttleTimeMs: 0, errorCode: error.code, errorMessage: error.message, entries: null };
    }
    const matching = [...broker.metadata.quotas.values()].filter((quota) => matches(quota, components, strict));
    const entries = matching.map(({ entity, values }) => ({
      entity: [...entity],
      values: [...values].map(([key, value]) => ({ key, value })),
    }));
    return { throttleTimeMs: 0, errorCode: 0, errorMessage: null, entries };
  },
});

function checkComponents(components: Components): void {
  const refuse = (message: string) => new KafkaError(Errors.INVALID_REQUEST, message);
  const seen = new Set<string>();
  for (const { entityType: type, matchType, match } of components) {
    if (type === '') throw refuse('Invalid empty entity type.');
    if (seen.has(type)) throw refuse(`Entity type ${type} cannot appear more than once in the filter.`);
    seen.add(type);
    if (!['ip', 'user', 'client-id'].includes(type)) {
      throw new KafkaError(Errors.UNSUPPORTED_VERSION, `Unsupported entity type ${type}`);
    }
    if (matchType === Match.EXACT) {
      if (match === null) throw refuse('Request specified MATCH_TYPE_EXACT, but set match string to null.');
    } else if (matchType !== Match.DEFAULT && matchType !== Match.SPECIFIED) {
      throw refuse(`Unknown match type ${matchType}`);
    } else if (match !== null) {
      const name = matchType === Match.DEFAULT ? 'MATCH_TYPE_DEFAULT' : 'MATCH_TYPE_SPECIFIED';
      throw refuse(`Request specified ${name}, but also specified a match string.`);
    }
  }
  if (seen.has('ip') && seen.size > 1) {
    throw refuse(
      'Invalid entity filter component combination. IP filter component should not be used with user or clientId filter component.',
    );
  }
}

function matches({ entity }: Quota, components: Components, strict: boolean): boolean {
  if (strict && entity.length !== components.length) return false;
  return components.every(({ entityType, matchType, match }) => {
    const part = entity.find((e) => e.entityType === entityType);
    return part !== undefined && (matchType === Match.SPECIFIED || part.entityName === match);
  });
}
