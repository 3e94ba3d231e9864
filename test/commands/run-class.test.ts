/** kafka-run-class, and the scripts that are installed only to say what they are. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ROOT, tsKafka } from '../support/process.js';

const run = promisify(execFile);

test.each([
  ['org.apache.kafka.tools.GetOffsetShell'],
  ['kafka.tools.GetOffsetShell'],
  ['kafka.admin.ConsumerGroupCommand'],
  ['kafka.tools.DumpLogSegments'],
])('the class %s is a tool', async (className) => {
  const { code, stdout } = await tsKafka(['run-class', className, '--version']);
  expect({ code, stdout: stdout.toString() }).toEqual({ code: 0, stdout: '4.4.0\n' });
});

test("the tool's own errors and exit code; what is for the JVM is passed over", async () => {
  const args = ['-name', 'x', '-loggc', 'kafka.admin.ConfigCommand', '--describe', '--topic', 't'];
  expect(await tsKafka(['run-class', ...args])).toMatchObject({
    code: 1,
    stderr: 'Either --bootstrap-server or --bootstrap-controller must be specified.\n',
  });
});

test('a class that there is none of', async () => {
  const { code, stderr } = await tsKafka(['run-class', 'kafka.tools.Nope']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Error: Could not find or load main class kafka\.tools\.Nope\nCaused by: .*ClassNotFound/);
});

test('no class at all', async () => {
  const { code, stdout } = await tsKafka(['run-class']);
  expect({ code, stdout: stdout.toString() }).toEqual({
    code: 1,
    stdout: 'USAGE: ./kafka-run-class.sh [-daemon] [-name servicename] [-loggc] classname [opts]\n',
  });
});

test.each(['connect-distributed', 'kafka-mirror-maker', 'trogdor', 'kafka-jmx'])(
  '%s says in one line what it is and what to use',
  async (name) => {
    const failed = run(process.execPath, [join(ROOT, `bin/${name}.js`), '--any', 'thing']);
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(new RegExp(`^${name} .*: use [^\n]+\n$`)),
    });
  },
);
