/** Deletes a share group's state for topics. Mirrors KafkaApis.handleDeleteShareGroupOffsetsRequest. */
import { deleteShareGroupOffsets } from '../../protocol/apis/92-delete-share-group-offsets.js';
import { deleteShareOffsets } from '../groups/share/offsets.js';
import { handler } from '../handler.js';
import { changeOffsets } from '../share/change-offsets.js';

export default handler({
  api: deleteShareGroupOffsets,
  handle: (request, _context, broker) =>
    changeOffsets(request.groupId, broker, (groups) => deleteShareOffsets(groups, request)),
});
