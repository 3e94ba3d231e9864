/** Output of the small admin tools that the transcripts cannot cover: other broker versions, fixed times. Texts are the Java tools'. */
import { expect, test } from 'vitest';
import { tokenTable } from '../../src/commands/delegation-tokens/text.js';
import { logDirsText } from '../../src/commands/log-dirs/text.js';
import { apiVersionsText } from '../../src/commands/shared/api-versions-text.js';

test('API versions that are too old or too new, unsupported and unknown APIs', () => {
  const lines = apiVersionsText([
    { apiKey: 0, minVersion: 14, maxVersion: 15 },
    { apiKey: 1, minVersion: 0, maxVersion: 3 },
    { apiKey: 2, minVersion: 0, maxVersion: 99 },
    { apiKey: 45, minVersion: 0, maxVersion: 0 },
    { apiKey: 900, minVersion: 0, maxVersion: 1 },
  ]).split('\n');
  expect(lines.slice(0, 4)).toEqual([
    '(',
    '\tProduce(0): 14 to 15 [unusable: node too new],',
    '\tFetch(1): 0 to 3 [unusable: node too old],',
    '\tListOffsets(2): 0 to 99 [usable: 11],',
  ]);
  expect(lines).toContain('\tAlterPartitionReassignments(45): 0 [usable: 0],');
  expect(lines).toContain('\tPushTelemetry(72): UNSUPPORTED,');
  expect(lines.slice(-2)).toEqual(['\tUNKNOWN(900): 0 to 1', ')']);
});

test('the table of delegation tokens', () => {
  const minutes = new Date(2026, 10, 26, 17, 38).getTime();
  const day = 86_400_000n;
  const token = {
    tokenId: 'F30umGMKQu-j_Y344Dorug',
    hmac: Buffer.from('daG2', 'base64'),
    owner: { type: 'User', name: 'admin' },
    requester: { type: 'User', name: 'admin' },
    renewers: ['bob', 'carl'].map((name) => ({ type: 'User', name })),
    issued: BigInt(minutes),
    expires: BigInt(minutes) + 59_000n,
    maximum: BigInt(minutes) + 7n * day,
  };
  expect(tokenTable([token])).toBe(
    '\nTOKENID         HMAC                           OWNER           REQUESTER       RENEWERS                  ISSUEDATE       EXPIRYDATE      MAXDATE        \n' +
      '\nF30umGMKQu-j_Y344Dorug daG2                           User:admin      User:admin      [User:bob, User:carl]     2026-11-26T17:38 2026-11-26T17:38 2026-12-03T17:38\n',
  );
});

test('log directories: sizes beyond the precision of a double, and a failed directory', () => {
  const partition = { partitionIndex: 0, partitionSize: 9007199254740993n, offsetLag: 0n, isFutureKey: true };
  const more = { totalBytes: 0n, usableBytes: 0n, isCordoned: false };
  const dirs = [
    { ...more, errorCode: 0, logDir: '/a', topics: [{ name: 't', partitions: [partition] }] },
    { ...more, errorCode: 56, logDir: '/b', topics: [] },
  ];
  expect(logDirsText([{ broker: 1, dirs }], new Set())).toBe(
    '{"brokers":[{"broker":1,"logDirs":[' +
      '{"partitions":[{"partition":"t-0","size":9007199254740993,"offsetLag":0,"isFuture":true}],"error":null,"logDir":"/a"},' +
      '{"partitions":[],"error":"org.apache.kafka.common.errors.KafkaStorageException","logDir":"/b"}]}],"version":1}',
  );
});
