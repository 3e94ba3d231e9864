import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrokerProcess, startBroker, tempDir, tsKafkaWith } from '../support/process.js';

const temp = tempDir();
const at = (...names: string[]) => join(temp.path, ...names);
/** a registry of its own, separate from that of the user who runs the tests */
const env = { XDG_RUNTIME_DIR: temp.path };
const run = async (args: readonly string[], own = env) => {
  const { code, stdout, stderr } = await tsKafkaWith(own, args);
  return { code, stdout: stdout.toString(), stderr };
};
afterAll(temp.remove);

describe('server', () => {
  let running: BrokerProcess;
  beforeAll(async () => {
    running = await startBroker({ dir: temp.path, env });
  });
  afterAll(async () => {
    await running.stop('SIGKILL');
  });

  test('prints its address and data directory once it is ready', async () => {
    expect(running.bootstrap).toMatch(/^localhost:\d+$/);
    expect(readFileSync(at('data', 'meta.properties'), 'utf8')).toMatch(/^cluster\.id=\S{22}$/m);
  });

  test('a second process on the same directory is refused in one line', async () => {
    const { code, stderr } = await run([
      'server',
      '--override',
      `log.dirs=${at('data')}`,
      '--override',
      'listeners=PLAINTEXT://localhost:0',
    ]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `data directory ${at('data')} is in use by process ${running.pid}: stop it, or choose another directory with log.dirs\n`,
    );
  });

  test('a port in use is refused in one line, and nothing is written', async () => {
    mkdirSync(at('other'));
    const { code, stderr } = await run([
      'server',
      '--override',
      `log.dirs=${at('other')}`,
      '--override',
      `listeners=PLAINTEXT://${running.bootstrap}`,
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^(127\.0\.0\.1|\[::1\]):\d+ is in use: [^\n]+\n$/);
    expect(readdirSync(at('other'))).toEqual([]);
  });

  test('a directory that is not a Kafka log directory is left alone', async () => {
    mkdirSync(at('photos'));
    writeFileSync(at('photos', 'holiday.jpg'), '');
    const { code, stderr } = await run(['server', '--override', `log.dirs=${at('photos')}`]);
    expect([code, stderr.split('\n').length]).toEqual([1, 2]);
    expect(stderr).toContain('holiday.jpg');
    expect(readdirSync(at('photos'))).toEqual(['holiday.jpg']);
  });

  test.each([
    [['--override', 'num.partitions=x'], 'Invalid value x for configuration num.partitions: Not a number of type INT'],
    [['/no/such/file'], 'cannot read /no/such/file: no such file'],
    [['--override', 'listeners=SASL_PLAINTEXT://localhost:0'], 'sasl.enabled.mechanisms: GSSAPI'],
    [['--override', 'authorizer.class.name=x.Y'], 'authorizer.class.name: x.Y'],
    [
      ['--override', 'listener.name.outside.ssl.client.auth=required'],
      'listener.name.outside.ssl.client.auth: there is no listener OUTSIDE, but PLAINTEXT',
    ],
    [['--override', 'ssl.engine.factory.class=x.Y'], 'ssl.engine.factory.class: x.Y is not supported'],
  ])('%j is refused at the start', async (args, words) => {
    const { code, stdout, stderr } = await run(['server', ...args, '--override', `log.dirs=${at('none')}`]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(words);
    expect(existsSync(at('none'))).toBe(false);
  });

  test('a new directory gets the cluster id from the environment; a formatted one keeps its own, with a warning', async () => {
    const [id, other] = ['MkU3OEVBNTcwNTJENDM2Qk', 'Some-other_cluster-id1'];
    const first = await startBroker({ dir: at('cluster'), env: { ...env, CLUSTER_ID: id } });
    expect(await first.stop()).toMatchObject({ stderr: '' });
    expect(readFileSync(at('cluster', 'data', 'meta.properties'), 'utf8')).toContain(`cluster.id=${id}\n`);
    const second = await startBroker({ dir: at('cluster'), env: { ...env, CLUSTER_ID: other } });
    const { stderr } = await second.stop();
    expect(stderr).toMatch(new RegExp(`^\\S+ keeps its cluster id ${id}; [^\n]*${other}[^\n]*\n$`));
  });

  test.each([
    ['no UUID', 'prod:kafka = eu-1 \u00fc', 'prod\\:kafka \\= eu-1 \\u00FC'],
    ['two characters too many', 'MkU3OEVBNTcwNTJENDM2Qk==', 'MkU3OEVBNTcwNTJENDM2Qk\\=\\='],
  ])('a cluster id that is %s is one, as it is to Apache Kafka', async (name, id, stored) => {
    const first = await startBroker({ dir: at(name), env: { ...env, CLUSTER_ID: id } });
    const asked = await run(['cluster', 'cluster-id', '--bootstrap-server', first.bootstrap]);
    expect(await first.stop()).toMatchObject({ stderr: '' });
    expect(asked.stdout).toBe(`Cluster ID: ${id}\n`);
    expect(readFileSync(at(name, 'data', 'meta.properties'), 'utf8')).toContain(`cluster.id=${stored}\n`);
    const again = await startBroker({ dir: at(name), env: { ...env, KAFKA_KRAFT_CLUSTER_ID: '', CLUSTER_ID: id } });
    expect(await again.stop()).toMatchObject({ stderr: '' });
  });

  test('an IPv6 address is printed in brackets, so that it can be used as a bootstrap server', async () => {
    const own = await startBroker({ dir: at('v6'), env, overrides: ['listeners=PLAINTEXT://[::1]:0'] });
    expect(own.bootstrap).toBe(`[::1]:${own.port}`);
    const asked = await run(['topics', '--bootstrap-server', own.bootstrap, '--list']);
    const second = await run([
      'server',
      '--override',
      `log.dirs=${at('v6-2')}`,
      '--override',
      `listeners=PLAINTEXT://${own.bootstrap}`,
    ]);
    await own.stop();
    expect(asked).toMatchObject({ code: 0, stderr: '' });
    expect(second.stderr).toMatch(new RegExp(`^\\[::1\\]:${own.port} is in use: `));
  });

  test.runIf(process.platform === 'linux')(
    'a directory where none can be made is refused, also with -daemon',
    async () => {
      const setting = ['--override', 'log.dirs=/proc/x/y'];
      const { code, stdout, stderr } = await run([
        'server',
        ...setting,
        '--override',
        'listeners=PLAINTEXT://localhost:0',
      ]);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^\/proc\/x\/y cannot be used: ENOENT: [^\n]+, mkdir '\/proc\/x'\n$/);
      writeFileSync(at('proc.properties'), 'log.dirs=/proc/x/y\n');
      const daemon = await run(['server-start', '-daemon', at('proc.properties')]);
      expect([daemon.code, daemon.stderr.includes('/proc/x')]).toEqual([1, true]);
      const id = ['-t', 'MkU3OEVBNTcwNTJENDM2Qk'];
      const format = await run(['storage', 'format', '--standalone', ...id, '-c', at('proc.properties')]);
      expect([format.code, format.stderr.includes('/proc/x')]).toEqual([1, true]);
    },
  );

  test.each(['SIGTERM', 'SIGINT'] as const)('%s stops it cleanly in less than two seconds', async (signal) => {
    const own = await startBroker({ dir: at(signal), env });
    const { code, stderr, ms } = await own.stop(signal);
    expect([code, stderr]).toEqual([signal === 'SIGTERM' ? 143 : 130, '']);
    expect(ms).toBeLessThan(2000);
  });
});

describe('server-start and server-stop', () => {
  const file = (name: string, nodeId: number) => {
    const text = `node.id=${nodeId}\nlisteners=PLAINTEXT://localhost:0\nlog.dirs=${at(name)}\n`;
    writeFileSync(at(`${name}.properties`), text);
    return at(`${name}.properties`);
  };

  test('-daemon returns once the server is ready; server-stop stops the given server, then all', async () => {
    const own = { XDG_RUNTIME_DIR: at('runtime') };
    const [one, two] = [file('one', 1), file('two', 2)];
    for (const properties of [one, two]) {
      expect(await run(['server-start', '-daemon', properties], own)).toMatchObject({ code: 0, stderr: '' });
    }
    expect(readFileSync(at('one.out'), 'utf8')).toContain('ready on localhost:');
    expect((await run(['server-stop', one], own)).code).toBe(0);
    expect((await run(['server-stop', '--node-id=1'], own)).code).toBe(1);
    expect((await run(['server-stop'], own)).code).toBe(0);
    const { code, stdout } = await run(['server-stop'], own);
    expect([code, stdout]).toEqual([1, 'No kafka server to stop\n']);
  });

  test('a daemon that cannot start reports the reason', async () => {
    const broken = file('broken', 1);
    writeFileSync(at('broken'), '');
    const { code, stderr } = await run(['server-start', '-daemon', broken], { XDG_RUNTIME_DIR: at('runtime') });
    expect(code).toBe(1);
    expect(stderr).toContain('is not a directory');
  });
});
