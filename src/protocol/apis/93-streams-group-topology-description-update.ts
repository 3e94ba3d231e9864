import { topologyDescription } from '../topology-description.js';
import { api, int16, int32, nullable, optional, string } from '../wire/schema.js';

export const streamsGroupTopologyDescriptionUpdate = api({
  key: 93,
  name: 'StreamsGroupTopologyDescriptionUpdate',
  versions: [0, 0],
  flexible: 0,
  request: {
    groupId: string,
    memberId: string,
    topologyEpoch: int32,
    topologyDescription,
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: optional(nullable(string), null),
  },
});
