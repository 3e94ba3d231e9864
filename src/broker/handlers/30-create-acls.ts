/** CreateAcls v1-3: creating an existing ACL succeeds. */
import { createAcls } from '../../protocol/apis/30-create-acls.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { accessControlEntryRecord } from '../../protocol/messages/metadata-records.js';
import { type MetadataRecord, metadataRecord } from '../api.js';
import { handler } from '../handler.js';
import { aclKey, checkNewAcl } from '../security/acl-filter.js';
import type { Acl } from '../security/authorizer.js';
import { security } from '../security/security.js';
import { randomUuid } from '../uuid.js';

export default handler({
  api: createAcls,
  async handle({ creations }, _context, broker) {
    if (!broker.component(security).authorizer) {
      const refused = { errorCode: Errors.SECURITY_DISABLED, errorMessage: 'No Authorizer is configured.' };
      return { throttleTimeMs: 0, results: creations.map(() => refused) };
    }
    const existing = new Set([...broker.metadata.acls.values()].map(aclKey));
    const records: MetadataRecord[] = [];
    const results = creations.map(({ resourcePatternType: patternType, ...rest }) => {
      const acl: Acl = { ...rest, patternType };
      try {
        checkNewAcl(acl);
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        return { errorCode: error.code, errorMessage: error.message };
      }
      const key = aclKey(acl);
      if (!existing.has(key)) {
        existing.add(key);
        records.push(metadataRecord(accessControlEntryRecord, { id: randomUuid(), ...acl }));
      }
      return { errorCode: 0, errorMessage: '' };
    });
    await broker.metadata.write(records);
    return { throttleTimeMs: 0, results };
  },
});
