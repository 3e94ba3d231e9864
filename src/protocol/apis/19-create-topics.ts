import {
  api,
  array,
  bool,
  int8,
  int16,
  int32,
  nullable,
  optional,
  since,
  string,
  struct,
  tagged,
  uuid,
} from '../wire/schema.js';

export const createTopics = api({
  key: 19,
  name: 'CreateTopics',
  versions: [2, 7],
  flexible: 5,
  request: {
    topics: array(
      struct({
        name: string,
        numPartitions: int32,
        replicationFactor: int16,
        assignments: array(
          struct({
            partitionIndex: int32,
            brokerIds: array(int32),
          }),
        ),
        configs: array(
          struct({
            name: string,
            value: nullable(string),
          }),
        ),
      }),
    ),
    timeoutMs: optional(int32, 60000),
    validateOnly: optional(bool),
  },
  response: {
    throttleTimeMs: optional(int32),
    topics: array(
      struct({
        name: string,
        topicId: since('7+', uuid),
        errorCode: int16,
        errorMessage: optional(nullable(string)),
        topicConfigErrorCode: tagged(0, '5+', int16),
        numPartitions: since('5+', int32, -1),
        replicationFactor: since('5+', int16, -1),
        configs: since(
          '5+',
          nullable(
            array(
              struct({
                name: string,
                value: nullable(string),
                readOnly: bool,
                configSource: optional(int8, -1),
                isSensitive: bool,
              }),
            ),
          ),
        ),
      }),
    ),
  },
});
