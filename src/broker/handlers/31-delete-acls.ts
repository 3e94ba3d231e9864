/** DeleteAcls v1-3: returns the ACLs that each filter matched and deleted. */
import { deleteAcls } from '../../protocol/apis/31-delete-acls.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { removeAccessControlEntryRecord } from '../../protocol/messages/metadata-records.js';
import { metadataRecord } from '../api.js';
import { handler } from '../handler.js';
import { checkFilter, matches } from '../security/acl-filter.js';
import { security } from '../security/security.js';

export default handler({
  api: deleteAcls,
  async handle({ filters }, _context, broker) {
    const failed = (errorCode: number, errorMessage: string) => ({ errorCode, errorMessage, matchingAcls: [] });
    if (!broker.component(security).authorizer) {
      const refused = failed(Errors.SECURITY_DISABLED, 'No Authorizer is configured.');
      return { throttleTimeMs: 0, filterResults: filters.map(() => refused) };
    }
    const deleted = new Set<string>();
    const filterResults = filters.map((filter) => {
      try {
        checkFilter(filter);
      } catch (error) {
        if (error instanceof KafkaError) return failed(error.code, error.message);
        throw error;
      }
      const matching = [...broker.metadata.acls].filter(([, acl]) => matches(filter, acl));
      for (const [id] of matching) deleted.add(id);
      const matchingAcls = matching.map(([, { id: _id, ...acl }]) => ({ errorCode: 0, errorMessage: null, ...acl }));
      return { errorCode: 0, errorMessage: null, matchingAcls };
    });
    await broker.metadata.write([...deleted].map((id) => metadataRecord(removeAccessControlEntryRecord, { id })));
    return { throttleTimeMs: 0, filterResults };
  },
});
