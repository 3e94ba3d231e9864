/**
 * AlterUserScramCredentials v0: derives the stored and server keys from the salted password, and stores only those.
 * Mirrors ScramControlManager.
 */

import { alterUserScramCredentials } from '../../protocol/apis/51-alter-user-scram-credentials.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import {
  removeUserScramCredentialRecord,
  userScramCredentialRecord,
} from '../../protocol/messages/metadata-records.js';
import { MAX_ITERATIONS, MIN_ITERATIONS, SCRAM_MECHANISMS, scramKeys } from '../../security/scram.js';
import { type Broker, type MetadataRecord, metadataRecord } from '../api.js';
import { handler } from '../handler.js';

interface Named {
  readonly name: string;
  readonly mechanism: number;
}

export default handler({
  api: alterUserScramCredentials,
  async handle({ deletions, upsertions }, _context, broker) {
    const planned = new Map<string, MetadataRecord | KafkaError>();
    const plan = (name: string, make: () => MetadataRecord) => {
      const message = 'A user credential cannot be altered twice in the same request';
      const before = planned.get(name);
      // only the first error of a user is reported
      if (before instanceof KafkaError) return;
      if (before) planned.set(name, new KafkaError(Errors.DUPLICATE_RESOURCE, message));
      else planned.set(name, attempt(make));
    };
    for (const deletion of deletions) plan(deletion.name, () => removal(broker, deletion));
    for (const upsertion of upsertions) {
      plan(upsertion.name, () => {
        const mechanism = checkNamed(upsertion);
        const { name, salt, saltedPassword, iterations } = upsertion;
        if (iterations < MIN_ITERATIONS) throw new KafkaError(Errors.UNACCEPTABLE_CREDENTIAL, 'Too few iterations');
        if (iterations > MAX_ITERATIONS) throw new KafkaError(Errors.UNACCEPTABLE_CREDENTIAL, 'Too many iterations');
        const keys = scramKeys(mechanism, saltedPassword, salt, iterations);
        return metadataRecord(userScramCredentialRecord, { name, mechanism: mechanism.type, ...keys });
      });
    }
    await broker.metadata.write([...planned.values()].filter((p): p is MetadataRecord => !(p instanceof KafkaError)));
    const results = [...planned].map(([user, outcome]) => {
      if (!(outcome instanceof KafkaError)) return { user, errorCode: 0, errorMessage: null };
      return { user, errorCode: outcome.code, errorMessage: outcome.message };
    });
    return { throttleTimeMs: 0, results };
  },
});

function attempt(make: () => MetadataRecord): MetadataRecord | KafkaError {
  try {
    return make();
  } catch (error) {
    if (error instanceof KafkaError) return error;
    throw error;
  }
}

function checkNamed({ name, mechanism }: Named) {
  if (name === '') throw new KafkaError(Errors.UNACCEPTABLE_CREDENTIAL, 'Username must not be empty');
  const found = SCRAM_MECHANISMS.find((m) => m.type === mechanism);
  if (!found) throw new KafkaError(Errors.UNSUPPORTED_SASL_MECHANISM, 'Unknown SCRAM mechanism');
  return found;
}

function removal(broker: Broker, named: Named): MetadataRecord {
  checkNamed(named);
  if (!broker.metadata.scramCredentials.has(`${named.mechanism} ${named.name}`)) {
    throw new KafkaError(Errors.RESOURCE_NOT_FOUND, 'Attempt to delete a user credential that does not exist');
  }
  return metadataRecord(removeUserScramCredentialRecord, { name: named.name, mechanism: named.mechanism });
}
