import {
  api,
  array,
  bool,
  int16,
  int32,
  nullable,
  optional,
  since,
  string,
  struct,
  uint16,
  uuid,
} from '../wire/schema.js';

export const addRaftVoter = api({
  key: 80,
  name: 'AddRaftVoter',
  versions: [0, 1],
  flexible: 0,
  request: {
    clusterId: nullable(string),
    timeoutMs: int32,
    voterId: int32,
    voterDirectoryId: uuid,
    listeners: array(
      struct({
        name: string,
        host: string,
        port: uint16,
      }),
    ),
    ackWhenCommitted: since('1+', bool, true),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: optional(nullable(string)),
  },
});
