import { readdirSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { tempDir, tsKafkaWith } from '../support/process.js';

const temp = tempDir();
afterAll(temp.remove);

test('runs the exercise, prints its commands, and leaves nothing behind', async () => {
  const env = { TMPDIR: temp.path, TMP: temp.path, XDG_RUNTIME_DIR: temp.path };
  const ended = await tsKafkaWith(env, ['quickstart']);
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  const stdout = ended.stdout.toString();
  const lines = stdout.split('\n');
  expect(lines).toContain('Created topic test-topic.');
  expect(lines).toContain('test-topic');
  const typed = lines.indexOf('>Hello, Kafka!');
  const received = lines.indexOf('consumer | Hello, Kafka!');
  expect(typed).toBeGreaterThan(0);
  expect(received).toBeGreaterThan(typed);
  // live: the line arrived before the next one was typed
  expect(received).toBeLessThan(lines.indexOf('>Ünïcödé 🎉 as well'));
  expect(lines.some((line) => /^console-consumer-\d+$/.test(line))).toBe(true);
  expect(lines.some((line) => /^console-consumer-\d+ +test-topic +0 /.test(line))).toBe(true);
  expect(stdout).toContain('$ ts-kafka topics --create --topic test-topic --partitions 1 --replication-factor 1');
  expect(stdout).not.toContain('\u001b');
  expect(readdirSync(temp.path).filter((name) => name.includes('quickstart'))).toEqual([]);
});
