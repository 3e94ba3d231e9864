import { api, array, int8, int16, int32, since, string, struct } from '../wire/schema.js';

export const listConfigResources = api({
  key: 74,
  name: 'ListConfigResources',
  versions: [0, 1],
  flexible: 0,
  request: {
    resourceTypes: since('1+', array(int8)),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    configResources: array(
      struct({
        resourceName: string,
        resourceType: since('1+', int8, 16),
      }),
    ),
  },
});
