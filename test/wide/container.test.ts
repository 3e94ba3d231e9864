/**
 * Runs the Dockerfile's steps without Docker: its RUN lines in a shell, with the image's paths moved into a folder, and
 * its CMD as its USER with its ENV. Also lints the Dockerfile and the workflow.
 */

import { type ChildProcessWithoutNullStreams, type SpawnOptions, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../scripts/lib/free-port.mjs';
import { type Ended, ended, ROOT, run, tempDir } from '../support/process.js';

const temp = tempDir();
const image = (...names: string[]) => path.join(temp.path, ...names);
const text = readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8');

/** [instruction, arguments], with continuation lines joined and comments removed. */
const steps = text
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => [line.split(' ', 1)[0], line.slice(line.indexOf(' ') + 1)] as const);
const all = (instruction: string) => steps.filter(([name]) => name === instruction).map(([, words]) => words);
const one = (instruction: string): string => {
  const [words, ...more] = all(instruction);
  expect(words, `${instruction} in the Dockerfile`).toBeDefined();
  expect(more).toEqual([]);
  return words as string;
};

/** Moves the image's absolute paths below our folder. */
const moved = (command: string) => command.replace(/(?<=^|[\s'">=])\/(tmp|etc|var)(?=[/\s]|$)/gm, image('$1'));
const shell = (command: string, cwd: string) =>
  ended(spawn('sh', ['-ec', moved(command)], { cwd, env: { ...process.env, ...prefix() } }), '', 240_000);
const prefix = () => ({ npm_config_prefix: image('usr'), npm_config_cache: image('npm-cache') });

/** The files that `COPY . .` copies: .dockerignore excludes everything except the files it names. */
function copyContext(): void {
  const [first, ...rest] = readFileSync(path.join(ROOT, '.dockerignore'), 'utf8').split('\n').filter(isPattern);
  expect(first).toBe('*');
  for (const pattern of rest) {
    const name = pattern.replace(/^!/, '');
    cpSync(path.join(ROOT, name), image('src', name), { recursive: true });
  }
}
const isPattern = (line: string) => line !== '' && !line.startsWith('#');

/** Runs as the image's user if we are root; otherwise as the current user. */
function asUser(): SpawnOptions {
  const [uid, gid] = one('USER').split(':').map(Number) as [number, number];
  return process.getuid?.() === 0 ? { uid, gid } : {};
}

const imageEnv = (more: Record<string, string>) => ({
  PATH: `${image('usr/bin')}:${path.dirname(process.execPath)}:/usr/bin:/bin`,
  HOME: image('home'),
  ...Object.fromEntries(all('ENV').map((pair) => pair.split('=') as [string, string])),
  ...more,
});
function inContainer(words: readonly string[], env: Record<string, string>): ChildProcessWithoutNullStreams {
  const [file = '', ...args] = words.map(moved);
  return spawn(file, args, { cwd: '/', env: imageEnv(env), ...asUser() }) as ChildProcessWithoutNullStreams;
}
const cmd = () => JSON.parse(one('CMD')) as string[];
const tool = (words: string, env: Record<string, string>): Promise<Ended> =>
  ended(inContainer(words.split(' '), env), '', 20_000);

beforeAll(async () => {
  for (const dir of ['src', 'tmp', 'etc', 'var/lib', 'usr', 'home']) mkdirSync(image(dir), { recursive: true });
  chmodSync(temp.path, 0o755);
  copyContext();
  for (const [i, command] of all('RUN').entries()) {
    const { code, stdout, stderr } = await shell(command, i === 0 ? image('src') : image());
    expect(code, `${command}\n${stdout}${stderr}`).toBe(0);
  }
}, 300_000);
afterAll(temp.remove);

test('Dockerfile and workflow have no lint errors', async () => {
  const { code, stdout, stderr } = await run('bash', ['scripts/lint-container.sh'], '', 110_000);
  expect({ code, said: stdout.toString() + stderr }).toEqual({ code: 0, said: '' });
});

test('the workflow runs .ci/run on every maintained Node version', () => {
  const workflow = readFileSync(path.join(ROOT, '.github/workflows/ci.yml'), 'utf8');
  expect(workflow).toContain("node: ['20', '22', '24', latest]");
  expect(workflow).toMatch(/run: .*bash \.ci\/run$/m);
});

describe('a container', () => {
  test('listens on every interface and advertises localhost:9092, unless a variable overrides it', () => {
    const settings = readFileSync(image('etc/ts-kafka/server.properties'), 'utf8');
    expect(settings).toMatch(/^listeners=PLAINTEXT:\/\/0\.0\.0\.0:9092$/m);
    expect(settings).toMatch(/^advertised\.listeners=PLAINTEXT:\/\/localhost:9092$/m);
    expect(settings).toContain(`log.dirs=${image('var/lib/ts-kafka')}`);
    expect(one('EXPOSE')).toBe('9092');
    expect(one('VOLUME')).toBe('/var/lib/ts-kafka');
  });

  test('does not run as root, keeps its data in the volume, and accepts the tutorial’s variables', async () => {
    const port = await freePort();
    const env = {
      KAFKA_CFG_NODE_ID: '0',
      KAFKA_CFG_PROCESS_ROLES: 'controller,broker',
      KAFKA_CFG_LISTENERS: `PLAINTEXT://:${port},CONTROLLER://:9093`,
      KAFKA_CFG_ADVERTISED_LISTENERS: `PLAINTEXT://localhost:${port}`,
      KAFKA_CFG_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      KAFKA_CFG_CONTROLLER_QUORUM_VOTERS: '0@localhost:9093',
      KAFKA_CFG_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      TS_KAFKA_BOOTSTRAP_SERVER: `localhost:${port}`,
    };
    const serve = async (use: () => Promise<void>): Promise<string> => {
      const server = inContainer(cmd(), env);
      const closed = ended(server, '', 60_000);
      await new Promise<void>((ready, fail) => {
        server.stdout.on('data', (said) => String(said).includes('is ready on') && ready());
        server.on('close', () => closed.then(({ stderr }) => fail(new Error(stderr))));
      });
      await use();
      server.kill('SIGTERM');
      const { code, stderr } = await closed;
      expect(code).toBe(143);
      return stderr;
    };
    const said = await serve(async () => {
      expect(await tool('kafka-topics --create --topic orders', env)).toMatchObject({ code: 0, stderr: '' });
    });
    // reachable from other machines: one warning line
    expect(said).toMatch(/^warning: anyone who can reach this machine .* PLAINTEXT$/m);
    expect(said).toContain('controller.quorum.voters');
    expect(readdirSync(image('var/lib/ts-kafka'))).toEqual(
      expect.arrayContaining(['meta.properties', '__cluster_metadata-0']),
    );
    await serve(async () => {
      const { stdout } = await tool('kafka-topics.sh --list', env);
      expect(stdout.toString()).toBe('orders\n');
    });
  });
});
