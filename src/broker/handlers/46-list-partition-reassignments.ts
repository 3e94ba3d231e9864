/** With a single node there are no ongoing reassignments. */
import { listPartitionReassignments } from '../../protocol/apis/46-list-partition-reassignments.js';
import { Errors } from '../../protocol/errors.js';
import { handler } from '../handler.js';

export default handler({
  api: listPartitionReassignments,
  handle: () => ({ throttleTimeMs: 0, errorCode: Errors.NONE, errorMessage: null, topics: [] }),
});
