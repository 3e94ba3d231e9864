/** Kafka's `.lock` between Apache Kafka and our broker, and between containers (namespaces, bind mounts) on one volume. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../scripts/lib/free-port.mjs';
import { refusal, runWords, serverOn, storage } from '../support/lock.js';
import { type BrokerProcess, run as runFile, startBroker, tempDir } from '../support/process.js';

const temp = tempDir();
const at = (...names: string[]) => join(temp.path, ...names);
const env = { XDG_RUNTIME_DIR: temp.path };
const run = (words: readonly string[]) => runWords(words, env);
const kafka = (...args: string[]) => runFile('scripts/apache-kafka.sh', args, '', 90_000);
afterAll(temp.remove);

describe('a directory in use by our broker', () => {
  let running: BrokerProcess;
  beforeAll(async () => {
    running = await startBroker({ dir: temp.path, env });
  });
  afterAll(() => running.stop('SIGKILL'));

  test('is rejected in another network namespace', async () => {
    const { code, stderr } = await run(['unshare', '--map-root-user', '--net', ...serverOn(at('data'))]);
    expect([code, stderr]).toEqual([1, refusal(at('data'), `process ${running.pid}`)]);
  });

  test('is rejected in another container, with its host name in addition to the process id', async () => {
    const inside = `hostname elsewhere && exec ${serverOn(at('data')).join(' ')}`;
    const { code, stderr } = await run(['unshare', '--map-root-user', '--net', '--uts', 'sh', '-c', inside]);
    expect([code, stderr.replace(/ on [^:]+:/, ' on HOST:')]).toEqual([
      1,
      refusal(at('data'), `process ${running.pid} on HOST`),
    ]);
  });

  test('is rejected through a second mount', async () => {
    mkdirSync(at('mounted'));
    const inside = `mount --bind ${at('data')} ${at('mounted')} && exec ${serverOn(at('mounted')).join(' ')}`;
    const { code, stderr } = await run(['unshare', '--map-root-user', '--mount', 'sh', '-c', inside]);
    expect([code, stderr]).toEqual([1, refusal(at('mounted'), `process ${running.pid}`)]);
  });

  test('is rejected by Apache Kafka', async () => {
    const port = await freePort();
    const settings = [
      'process.roles=broker,controller',
      'node.id=1',
      `controller.quorum.voters=1@localhost:${port + 1}`,
      `listeners=PLAINTEXT://localhost:${port},CONTROLLER://localhost:${port + 1}`,
      'controller.listener.names=CONTROLLER',
      `log.dirs=${at('data')}`,
    ];
    writeFileSync(at('server.properties'), `${settings.join('\n')}\n`);
    const { code, stdout, stderr } = await kafka('serve', at('server.properties'));
    expect(code).toBe(1);
    expect(stdout.toString() + stderr).toContain(`Failed to acquire lock on file .lock in ${at('data')}`);
  });
});

describe('directories in use by Apache Kafka', () => {
  const dir = at('apache');
  const [first, second] = [join(dir, 'data'), join(dir, 'second')];
  let pid: string;
  beforeAll(async () => {
    const { code, stderr } = await kafka('up', String(await freePort()), dir, `log.dirs=${first},${second}`);
    expect(code, stderr).toBe(0);
    pid = readFileSync(join(dir, 'pid'), 'utf8').trim();
  });
  afterAll(() => kafka('down', dir));

  test.each([first, second])('a server on %s is rejected', async (log) => {
    const { code, stdout, stderr } = await run(serverOn(log));
    expect([code, stdout, stderr]).toEqual([1, '', refusal(log, `process ${pid}`)]);
  });

  test('handover is rejected', async () => {
    const { code, stderr } = await run(storage('handover', first));
    expect([code, stderr.split(':')[0]]).toEqual([1, `data directory ${first} is in use by process ${pid}`]);
  });

  test('a server that cannot lock files is rejected', async () => {
    const { code, stderr } = await runWords(serverOn(first), { ...env, NODE_OPTIONS: '--no-addons' });
    expect([code, stderr]).toEqual([1, refusal(first, `process ${pid}`)]);
  });
});
