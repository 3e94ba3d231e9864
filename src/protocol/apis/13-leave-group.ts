import { api, array, int16, int32, nullable, optional, since, string, struct } from '../wire/schema.js';

export const leaveGroup = api({
  key: 13,
  name: 'LeaveGroup',
  versions: [0, 5],
  flexible: 4,
  request: {
    groupId: string,
    memberId: since('0-2', string),
    members: since(
      '3+',
      array(
        struct({
          memberId: string,
          groupInstanceId: optional(nullable(string), null),
          reason: since('5+', nullable(string), null),
        }),
      ),
    ),
  },
  response: {
    throttleTimeMs: since('1+', int32),
    errorCode: int16,
    members: since(
      '3+',
      array(
        struct({
          memberId: string,
          groupInstanceId: nullable(string),
          errorCode: int16,
        }),
      ),
    ),
  },
});
