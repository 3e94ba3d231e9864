/** The table of authorization rules is complete: nobody could use an API without one. */
import { expect, test } from 'vitest';
import { handler } from '../../../src/broker/handler.js';
import { handlers } from '../../../src/broker/handlers/index.js';
import { ruledKeys } from '../../../src/broker/security/rules/index.js';
import { authorize, each } from '../../../src/broker/security/rules/rule.js';
import { deleteRecords } from '../../../src/protocol/apis/21-delete-records.js';
import { shareFetch } from '../../../src/protocol/apis/78-share-fetch.js';

test('every served API has one rule', () => {
  const keys = (list: readonly number[]) => [...list].sort((a, b) => a - b);
  expect(keys(ruledKeys())).toEqual(keys(handlers.map(({ api }) => api.key)));
});

// checked by tsc: @ts-expect-error fails if the next line compiles
const renamed = authorize(
  deleteRecords,
  each(
    deleteRecords,
    // @ts-expect-error the request has no list `topicz`
    'topicz',
    'topics',
    () => true,
    ({ name }) => ({ name, partitions: [] }),
  ),
);
const otherElement = authorize(
  deleteRecords,
  each(
    deleteRecords,
    'topics',
    'topics',
    // @ts-expect-error the element has no field `topicName`
    (_call, { topicName }) => topicName === '',
    ({ name }) => ({ name, partitions: [] }),
  ),
);
const refusedShare = { errorCode: 29, acknowledgeErrorCode: 0, currentLeader: { leaderId: 0, leaderEpoch: 0 } };
const unencodable = handler({
  api: shareFetch,
  handle: ({ topics }) => ({
    throttleTimeMs: 0,
    errorCode: 0,
    acquisitionLockTimeoutMs: 0,
    nodeEndpoints: [],
    // @ts-expect-error records of a share fetch cannot be null
    responses: topics.map(({ topicId }) => ({
      topicId,
      partitions: [{ partitionIndex: 0, ...refusedShare, records: null, acquiredRecords: [] }],
    })),
  }),
});

test('rules for unknown fields, and denials that cannot be encoded, do not compile', () => {
  expect([renamed.api, otherElement.api, unencodable.api]).toEqual([deleteRecords, deleteRecords, shareFetch]);
});
