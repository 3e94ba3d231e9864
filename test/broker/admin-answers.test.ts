/** Responses to Java's Admin client, compared with those of Apache Kafka 4.3.1 to the same requests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Server, startServer } from '../../src/broker/index.js';
import { offsetFetch } from '../../src/protocol/apis/09-offset-fetch.js';
import { createTopics } from '../../src/protocol/apis/19-create-topics.js';
import { alterReplicaLogDirs } from '../../src/protocol/apis/34-alter-replica-log-dirs.js';
import { describeLogDirs } from '../../src/protocol/apis/35-describe-log-dirs.js';
import { incrementalAlterConfigs } from '../../src/protocol/apis/44-incremental-alter-configs.js';
import { alterUserScramCredentials } from '../../src/protocol/apis/51-alter-user-scram-credentials.js';
import { shareGroupHeartbeat } from '../../src/protocol/apis/76-share-group-heartbeat.js';
import { streamsGroupDescribe } from '../../src/protocol/apis/89-streams-group-describe.js';
import { Errors } from '../../src/protocol/errors.js';
import { Wire } from './wire.js';

let dir: string;
let server: Server;
let admin: Wire;
beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'admin-'));
  server = await startServer({ dir });
  admin = await Wire.open(server.port);
  const topics = [{ name: 't', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }];
  await admin.ask(createTopics, 7, { topics });
  const groupId = 'shared';
  const member = { groupId, memberId: 'AAAAAAAAAAAAAAAAAAAAAA', memberEpoch: 0, subscribedTopicNames: ['t'] };
  await admin.ask(shareGroupHeartbeat, 1, member);
});
afterAll(async () => {
  admin.close();
  await server.stop();
  rmSync(dir, { recursive: true });
});

test('OffsetFetch for a share group returns no offsets and no error', async () => {
  const groups = [{ groupId: 'shared', topics: null }];
  const answer: any = await admin.ask(offsetFetch, 8, { groups });
  expect(answer.groups[0]).toMatchObject({ groupId: 'shared', errorCode: 0, topics: [] });
});

test('ListGroups returns no streams groups, but groups of other types', async () => {
  const answer: any = await admin.ask(streamsGroupDescribe, 0, { groupIds: ['shared', 'nope', ''] });
  expect(answer.groups.map((g: any) => [g.errorCode, g.errorMessage])).toEqual([
    [Errors.GROUP_ID_NOT_FOUND, 'Group shared is not a streams group.'],
    [Errors.GROUP_ID_NOT_FOUND, 'Group nope not found.'],
    [Errors.INVALID_GROUP_ID, null],
  ]);
});

test('a replica can be moved to its current log directory, and to no other', async () => {
  const { results }: any = await admin.ask(describeLogDirs, 4, { topics: null });
  const move = async (to: string, name: string, partition: number) => {
    const dirs = [{ path: to, topics: [{ name, partitions: [partition] }] }];
    const answer: any = await admin.ask(alterReplicaLogDirs, 2, { dirs });
    expect(answer.results[0].topicName).toBe(name);
    return answer.results[0].partitions;
  };
  const here = results[0].logDir;
  expect(await move(here, 't', 0)).toEqual([{ partitionIndex: 0, errorCode: 0 }]);
  expect(await move(here, 't', 1)).toEqual([{ partitionIndex: 1, errorCode: Errors.UNKNOWN_TOPIC_OR_PARTITION }]);
  expect(await move(here, 'nope', 0)).toEqual([{ partitionIndex: 0, errorCode: Errors.UNKNOWN_TOPIC_OR_PARTITION }]);
  expect(await move('/elsewhere', 't', 0)).toEqual([{ partitionIndex: 0, errorCode: Errors.LOG_DIR_NOT_FOUND }]);
});

test('a logger accepts one of six levels', async () => {
  const alter = async (value: string) => {
    const configs = [{ name: 'root', configOperation: 0, value }];
    const resources = [{ resourceType: 8, resourceName: '1', configs }];
    const answer: any = await admin.ask(incrementalAlterConfigs, 1, { resources, validateOnly: false });
    return [answer.responses[0].errorCode, answer.responses[0].errorMessage];
  };
  expect(await alter('NOPE')).toEqual([
    Errors.INVALID_CONFIG,
    'Cannot set the log level of root to NOPE as it is not a supported log level. Valid log levels are DEBUG, ERROR, FATAL, INFO, TRACE, WARN',
  ]);
  expect(await alter('DEBUG')).toEqual([0, null]);
});

test('only the first error of an invalid SCRAM user is reported', async () => {
  const salted = { salt: Buffer.alloc(16, 1), saltedPassword: Buffer.alloc(32, 2), iterations: 4096 };
  const answer: any = await admin.ask(alterUserScramCredentials, 0, {
    deletions: [{ name: 'nobody', mechanism: 1 }],
    upsertions: [
      { name: 'nobody', mechanism: 1, ...salted },
      { name: 'twice', mechanism: 1, ...salted },
      { name: 'twice', mechanism: 1, ...salted },
    ],
  });
  expect(answer.results.map((r: any) => [r.user, r.errorCode, r.errorMessage])).toEqual([
    ['nobody', Errors.RESOURCE_NOT_FOUND, 'Attempt to delete a user credential that does not exist'],
    ['twice', Errors.DUPLICATE_RESOURCE, 'A user credential cannot be altered twice in the same request'],
  ]);
});
