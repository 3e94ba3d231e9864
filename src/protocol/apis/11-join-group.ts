import { api, array, bool, bytes, int16, int32, nullable, optional, since, string, struct } from '../wire/schema.js';

export const joinGroup = api({
  key: 11,
  name: 'JoinGroup',
  versions: [0, 9],
  flexible: 6,
  request: {
    groupId: string,
    sessionTimeoutMs: int32,
    rebalanceTimeoutMs: since('1+', int32, -1),
    memberId: string,
    groupInstanceId: since('5+', nullable(string), null),
    protocolType: string,
    protocols: array(
      struct({
        name: string,
        metadata: bytes,
      }),
    ),
    reason: since('8+', nullable(string), null),
  },
  response: {
    throttleTimeMs: since('2+', int32),
    errorCode: int16,
    generationId: optional(int32, -1),
    protocolType: since('7+', nullable(string), null),
    protocolName: nullable(string, '7+'),
    leader: string,
    skipAssignment: since('9+', bool),
    memberId: string,
    members: array(
      struct({
        memberId: string,
        groupInstanceId: since('5+', nullable(string), null),
        metadata: bytes,
      }),
    ),
  },
});
