import { api, array, int16, int32, nullable, since, string, struct } from '../wire/schema.js';

export const deleteGroups = api({
  key: 42,
  name: 'DeleteGroups',
  versions: [0, 3],
  flexible: 2,
  request: {
    groupsNames: array(string),
  },
  response: {
    throttleTimeMs: int32,
    results: array(
      struct({
        groupId: string,
        errorCode: int16,
        errorMessage: since('3+', nullable(string), null),
      }),
    ),
  },
});
