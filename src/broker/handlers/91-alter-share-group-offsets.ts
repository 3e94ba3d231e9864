/** Sets the start offsets of a share group. Mirrors KafkaApis.handleAlterShareGroupOffsetsRequest. */
import { alterShareGroupOffsets } from '../../protocol/apis/91-alter-share-group-offsets.js';
import { alterShareOffsets } from '../groups/share/offsets.js';
import { handler } from '../handler.js';
import { changeOffsets } from '../share/change-offsets.js';

export default handler({
  api: alterShareGroupOffsets,
  handle: (request, _context, broker) =>
    changeOffsets(request.groupId, broker, (groups) => alterShareOffsets(groups, request)),
});
