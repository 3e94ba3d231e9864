/** AlterClientQuotas v0-1: stores quotas in the metadata log as Kafka does, but does not enforce them. */
import { isIP } from 'node:net';
import { alterClientQuotas } from '../../protocol/apis/49-alter-client-quotas.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { clientQuotaRecord } from '../../protocol/messages/metadata-records.js';
import type { RequestOf } from '../../protocol/wire/schema.js';
import { type Broker, type MetadataRecord, metadataRecord } from '../api.js';
import { handler } from '../handler.js';

type Entry = RequestOf<typeof alterClientQuotas>['entries'][number];
type Entity = Entry['entity'];
type Kind = 'LONG' | 'DOUBLE' | 'INT';

/** in the iteration order of a java.util.HashMap: clients see quotas set in one request in that order */
const USER_KEYS: Readonly<Record<string, Kind>> = {
  request_percentage: 'DOUBLE',
  producer_byte_rate: 'LONG',
  consumer_byte_rate: 'LONG',
  controller_mutation_rate: 'DOUBLE',
};
const IP_KEYS: Readonly<Record<string, Kind>> = { connection_creation_rate: 'INT' };

const refuse = (message: string) => new KafkaError(Errors.INVALID_REQUEST, message);

export default handler({
  api: alterClientQuotas,
  async handle({ entries, validateOnly }, _context, broker) {
    const records: MetadataRecord[] = [];
    const answers = entries.map((entry) => {
      try {
        records.push(...plan(broker, entry));
        return { errorCode: 0, errorMessage: null, entity: [...entry.entity] };
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        return { errorCode: error.code, errorMessage: error.message, entity: [...entry.entity] };
      }
    });
    if (!validateOnly) await broker.metadata.write(records);
    return { throttleTimeMs: 0, entries: answers };
  },
});

function plan(broker: Broker, { entity, ops }: Entry): MetadataRecord[] {
  const keys = new Set(ops.map((op) => op.key));
  if (keys.size !== ops.length) throw refuse('Duplicate quota key, not updating quota for this entity');
  checkEntity(entity);
  const allowed = entity.some((e) => e.entityType === 'ip') ? IP_KEYS : USER_KEYS;
  const current = find(broker, entity);
  const order = Object.keys(allowed);
  const inOrder = [...ops].sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
  return inOrder.flatMap(({ key, value, remove }) => {
    if (!remove) checkValue(allowed, key, value);
    const unchanged = remove ? !current?.has(key) : current?.get(key) === value;
    if (unchanged) return [];
    return [metadataRecord(clientQuotaRecord, { entity: [...entity], key, value: remove ? 0 : value, remove })];
  });
}

function checkEntity(entity: Entity): void {
  if (entity.length === 0) throw refuse('Invalid empty client quota entity');
  const types = entity.map((e) => e.entityType);
  for (const { entityType, entityName } of entity) {
    if (types.filter((type) => type === entityType).length > 1) {
      throw refuse(`Invalid client quota entity, duplicate entity entry ${entityType}`);
    }
    if (!['user', 'client-id', 'ip'].includes(entityType)) {
      throw refuse(`Unhandled client quota entity type: ${entityType}`);
    }
    if (entityName === '') throw refuse(`Empty ${entityType} not supported`);
    if (entityType === 'ip' && entityName !== null && isIP(entityName) === 0 && !/^[\w.-]+$/.test(entityName)) {
      throw refuse(`${entityName} is not a valid IP or resolvable host.`);
    }
  }
  if (types.includes('ip') && types.length > 1) {
    throw refuse('Invalid quota entity combination, IP entity shouldnot be combined with User or ClientId');
  }
}

function checkValue(allowed: Readonly<Record<string, Kind>>, key: string, value: number): void {
  const kind = allowed[key];
  if (kind === undefined) throw refuse(`Invalid configuration key ${key}`);
  if (value <= 0) throw refuse(`Quota ${key} must be greater than 0`);
  if (kind === 'DOUBLE') return;
  if (value > (kind === 'INT' ? 2 ** 31 - 1 : 2 ** 63)) {
    throw refuse(`Proposed value for ${key} is too large for ${kind === 'INT' ? 'an INT' : 'a LONG'}.`);
  }
  if (Math.abs(value % 1) > 1e-6) throw refuse(`${key} cannot be a fractional value.`);
}

function find(broker: Broker, entity: Entity): ReadonlyMap<string, number> | undefined {
  for (const quota of broker.metadata.quotas.values()) {
    if (quota.entity.length !== entity.length) continue;
    const same = entity.every((e) =>
      quota.entity.some((q) => q.entityType === e.entityType && q.entityName === e.entityName),
    );
    if (same) return quota.values;
  }
  return undefined;
}
