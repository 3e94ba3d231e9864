import { api, array, int16, int32, nullable, optional, since, string, struct, uuid } from '../wire/schema.js';

export const deleteTopics = api({
  key: 20,
  name: 'DeleteTopics',
  versions: [1, 6],
  flexible: 4,
  request: {
    topics: since(
      '6+',
      array(
        struct({
          name: optional(nullable(string), null),
          topicId: uuid,
        }),
      ),
    ),
    topicNames: since('0-5', array(string)),
    timeoutMs: int32,
  },
  response: {
    throttleTimeMs: optional(int32),
    responses: array(
      struct({
        name: nullable(string, '6+'),
        topicId: since('6+', uuid),
        errorCode: int16,
        errorMessage: since('5+', nullable(string), null),
      }),
    ),
  },
});
