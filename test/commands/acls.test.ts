/** kafka-acls.sh against a fake cluster with an authorizer, which the golden transcripts lack. Texts are the Java tool's. */
import { afterEach, expect, test } from 'vitest';
import { command } from '../../src/commands/acls/index.js';
import { type FakeBroker, fakeBroker } from '../client/fake-broker.js';
import { type RunOptions, runCommand } from '../support/run.js';

let broker: FakeBroker | undefined;
afterEach(() => broker?.close());

const run = (argv: string[], options: RunOptions = {}) =>
  runCommand(command, ['--bootstrap-server', `localhost:${broker?.port}`, ...argv], options);

const OK = { errorCode: 0, errorMessage: null };
const READ = { principal: 'User:p', host: '*', operation: 3, permissionType: 3 };
const DENIED = { principal: 'User:q', host: '10.0.0.1', operation: 2, permissionType: 2 };
const topic = (resourceName: string, patternType: number, acls: object[]) => ({
  resourceType: 2,
  resourceName,
  patternType,
  acls,
});

/** A cluster with two ACLs that records requests to change them. */
async function cluster() {
  const changes: object[] = [];
  broker = await fakeBroker({
    answers: {
      DescribeAcls: () => ({ ...OK, resources: [topic('t', 3, [READ, DENIED])] }),
      CreateAcls: ({ body }) => {
        changes.push(...body.creations);
        return { results: body.creations.map(() => OK) };
      },
      DeleteAcls: ({ body }) => {
        changes.push(...body.filters);
        return { filterResults: body.filters.map(() => ({ ...OK, matchingAcls: [] })) };
      },
    },
  });
  return changes;
}

test('ACLs are listed by resource, once, however many patterns they match', async () => {
  await cluster();
  const { stdout } = await run(['--list', '--topic', 't', '--topic', 'u']);
  expect(stdout).toBe(
    'Current ACLs for resource `ResourcePattern(resourceType=TOPIC, name=t, patternType=LITERAL)`:\n' +
      '\t(principal=User:p, host=*, operation=READ, permissionType=ALLOW)\n' +
      '\t(principal=User:q, host=10.0.0.1, operation=ALL, permissionType=DENY)\n\n',
  );
});

test('--principal lists the ACLs of each principal under its name', async () => {
  await cluster();
  const { stdout } = await run(['--list', '--principal', 'User:q', '--principal', 'User:z']);
  expect(stdout).toBe(
    'ACLs for principal `User:q`\n' +
      'Current ACLs for resource `ResourcePattern(resourceType=TOPIC, name=t, patternType=LITERAL)`:\n' +
      '\t(principal=User:q, host=10.0.0.1, operation=ALL, permissionType=DENY)\n\n' +
      'ACLs for principal `User:z`\n',
  );
});

test('an existing ACL is reported, the others are added', async () => {
  const changes = await cluster();
  const { stdout } = await run(
    ['--add', '--allow-principal', 'User:p', '--topic', 't'].concat(
      '--operation',
      'Read',
      '--operation',
      'describeconfigs',
    ),
  );
  expect(stdout).toBe(
    'Acl (pattern=ResourcePattern(resourceType=TOPIC, name=t, patternType=LITERAL), entry=(principal=User:p, host=*, operation=READ, permissionType=ALLOW)) already exists.\n' +
      'Adding ACLs for resource `ResourcePattern(resourceType=TOPIC, name=t, patternType=LITERAL)`: \n' +
      ' \t(principal=User:p, host=*, operation=DESCRIBE_CONFIGS, permissionType=ALLOW)\n\n',
  );
  expect(changes).toMatchObject([{ resourceType: 2, resourceName: 't', resourcePatternType: 3, operation: 10 }]);
});

test('--producer and --consumer add ACLs on topics, groups, transactional ids and the cluster', async () => {
  const changes = await cluster();
  const resources = ['--topic', 'n', '--group', 'g', '--transactional-id', 'x'];
  await run(['--add', '--allow-principal', 'User:p', '--producer', '--consumer', '--idempotent', ...resources]);
  const granted = changes.map((c: any) => `${c.resourceType}:${c.operation}`);
  // topic: DESCRIBE CREATE WRITE READ; cluster: IDEMPOTENT_WRITE; group: READ; transactional id: DESCRIBE WRITE
  expect(granted.sort()).toEqual(['2:3', '2:4', '2:5', '2:8', '3:3', '4:12', '5:4', '5:8']);
});

test('an operation that a resource type does not support is refused before a request is sent', async () => {
  const changes = await cluster();
  const { code, stderr } = await run(
    ['--add', '--allow-principal', 'User:p', '--group', 'g', '--topic', 't'].concat('--operation', 'Write'),
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/^ResourceType GROUP only supports operations \[READ, DESCRIBE, DELETE, .*ALL\]\nOption/);
  expect(changes).toEqual([]);
});

test.each([
  ['y\n', 1],
  ['Y\n', 1],
  ['n\n', 0],
])('on a terminal --remove asks; %j', async (answer, removed) => {
  const changes = await cluster();
  const { code, stdout } = await run(['--remove', '--topic', 't'], { terminal: true, stdin: [answer] });
  expect({ code, stdout, removed: changes.length }).toEqual({
    code: 0,
    stdout:
      'Are you sure you want to delete all ACLs for resource filter `ResourcePattern(resourceType=TOPIC, name=t, patternType=LITERAL)`? (y/n)\n',
    removed,
  });
});

test('without a terminal to confirm on, nothing is removed', async () => {
  const changes = await cluster();
  const { code, stdout } = await run(['--remove', '--topic', 't'], { stdin: ['y\n'] });
  expect(code).toBe(1);
  expect(stdout.split('\n')[1]).toBe(
    'Error while executing ACL command: Cannot invoke "java.io.Console.readLine()" because the return value of "java.lang.System.console()" is null',
  );
  expect(changes).toEqual([]);
});
