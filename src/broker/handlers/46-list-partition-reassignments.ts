/** With one node no partition is ever on its way. */
import { listPartitionReassignments } from '../../protocol/apis/46-list-partition-reassignments.js';
import { Errors } from '../../protocol/errors.js';
import { handler } from '../handler.js';

export default handler({
  api: listPartitionReassignments,
  handle: () => ({ throttleTimeMs: 0, errorCode: Errors.NONE, errorMessage: null, topics: [] }),
});
