/** CreateAcls v1-3: what is there already counts as created. */
import { createAcls } from '../../protocol/apis/30-create-acls.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { accessControlEntryRecord } from '../../protocol/messages/metadata-records.js';
import { type MetadataRecord, metadataRecord } from '../api.js';
import { handler } from '../handler.js';
import { checkNewAcl, sameAcl } from '../security/acl-filter.js';
import type { Acl } from '../security/authorizer.js';
import { security } from '../security/part.js';
import { randomUuid } from '../uuid.js';

export default handler({
  api: createAcls,
  async handle({ creations }, _context, broker) {
    if (!broker.part(security).authorizer) {
      const refused = { errorCode: Errors.SECURITY_DISABLED, errorMessage: 'No Authorizer is configured.' };
      return { throttleTimeMs: 0, results: creations.map(() => refused) };
    }
    const there: Acl[] = [...broker.metadata.acls.values()];
    const records: MetadataRecord[] = [];
    const results = creations.map(({ resourcePatternType: patternType, ...rest }) => {
      const acl: Acl = { ...rest, patternType };
      try {
        checkNewAcl(acl);
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        return { errorCode: error.code, errorMessage: error.message };
      }
      if (!there.some((other) => sameAcl(other, acl))) {
        there.push(acl);
        records.push(metadataRecord(accessControlEntryRecord, { id: randomUuid(), ...acl }));
      }
      return { errorCode: 0, errorMessage: null };
    });
    await broker.metadata.write(records);
    return { throttleTimeMs: 0, results };
  },
});
