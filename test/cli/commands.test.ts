import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BIN, cleanEnv, run, silentServer } from './support.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ts-kafka-cli-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('ts-kafka', () => {
  test('--help lists the commands, --version prints both versions', async () => {
    const help = await run(['--help']);
    expect(help).toMatchObject({ stderr: '', code: 0 });
    expect(help.stdout).toMatch(/^Usage: ts-kafka <command> \[options\]\n/);
    expect(help.stdout).toMatch(/^ {2}topics +\S/m);
    expect((await run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+ \(Kafka 4\.4\.0\)\n$/);
  });

  test('an unknown command is an error', async () => {
    expect(await run(['topic'])).toEqual({
      stdout: '',
      stderr: 'ts-kafka: unknown command "topic". "ts-kafka --help" lists the commands.\n',
      code: 1,
    });
  });

  test('with stdout closed, the command exits silently with 1, as the Java tool does', () => {
    const line = `"${process.execPath}" "${BIN}" topics --help 2>&1 >/dev/null | head -1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', line], { encoding: 'utf8', env: cleanEnv() });
    expect(stdout).toBe('This tool helps to create, delete, describe, or change a topic.\n1\n');
    expect(stderr).toBe('');
  });
});

describe('install-scripts', () => {
  test("creates Kafka's script names in DIR/bin, and the scripts run", async () => {
    const { stdout, code } = await run(['install-scripts', join(dir, "a 'home'")]);
    expect(code).toBe(0);
    expect(stdout).toContain('scripts in');
    const bin = join(dir, "a 'home'", 'bin');
    expect(readdirSync(bin)).toEqual(expect.arrayContaining(['kafka-topics', 'kafka-topics.sh']));
    expect(execFileSync(join(bin, 'kafka-topics.sh'), ['--version'], { encoding: 'utf8' })).toBe('4.4.0\n');
    expect((await run(['install-scripts', join(dir, "a 'home'")])).code).toBe(0);
  });

  test('does not replace foreign scripts without --force', async () => {
    mkdirSync(join(dir, 'bin'));
    writeFileSync(join(dir, 'bin', 'kafka-topics.sh'), '#!/bin/sh\n');
    const refused = await run(['install-scripts', dir]);
    expect(refused).toMatchObject({ stdout: '', code: 1 });
    expect(refused.stderr).toContain('kafka-topics.sh was not created by install-scripts; nothing was changed');
    expect(existsSync(join(dir, 'bin', 'kafka-topics'))).toBe(false);
    expect((await run(['install-scripts', '--force', dir])).code).toBe(0);
  });

  test('a missing DIR is an error', async () => {
    expect(await run(['install-scripts'])).toMatchObject({
      stderr: "error: missing required argument 'dir'\n",
      code: 1,
    });
  });
});

describe('completion', () => {
  const complete = async (line: string, shell = 'zsh', env = cleanEnv()) =>
    (await run(['completion', 'words', shell, line], env)).stdout.split('\n').slice(0, -1);

  test('completes commands, flags, config names and file names', async () => {
    expect(await complete('ts-kafka top')).toEqual(['topics']);
    expect(await complete('kafka-topics.sh --under')).toEqual([
      '--under-replicated-partitions',
      '--under-min-isr-partitions',
    ]);
    expect(await complete('ts-kafka topics --config cleanup')).toEqual(['cleanup.policy=']);
    expect(await complete('/opt/bin/kafka-topics --command-config ')).toEqual([':files']);
    expect(await complete('ts-kafka topics --des', 'fish')).toEqual([expect.stringMatching(/^--describe\t\w/)]);
  });

  test('returns nothing, within two seconds, if the cluster does not answer', async () => {
    const { port, server } = await silentServer();
    const started = Date.now();
    expect(await complete(`kafka-topics --bootstrap-server 127.0.0.1:${port} --topic `)).toEqual([]);
    expect(Date.now() - started).toBeLessThan(2000);
    server.close();
    const broken = cleanEnv({ XDG_CONFIG_HOME: dir, TS_KAFKA_PROFILE: 'none' });
    expect(await run(['completion', 'words', 'bash', 'kafka-topics --topic '], broken)).toEqual({
      stdout: '',
      stderr: '',
      code: 0,
    });
  });

  test("the bash script completes a command's flag", async () => {
    const { stdout } = await run(['completion', 'bash']);
    const shell = `ts-kafka() { "${process.execPath}" "${BIN}" "$@"; }
      ${stdout}
      COMP_LINE='kafka-topics.sh --descr' COMP_POINT=23 COMP_WORDS=(kafka-topics.sh --descr) COMP_CWORD=1
      _ts_kafka; echo "\${COMPREPLY[@]}"`;
    expect(spawnSync('bash', ['-c', shell], { encoding: 'utf8', env: cleanEnv() }).stdout).toBe('--describe\n');
    expect((await run(['completion', 'tcsh'])).stderr).toContain('bash, zsh and fish');
  });
});

test('profile prints the default cluster and its source', async () => {
  mkdirSync(join(dir, 'ts-kafka'));
  const config = { profile: 'a', profiles: { a: { 'bootstrap-server': 'a:1' }, b: { 'bootstrap-server': 'b:1' } } };
  writeFileSync(join(dir, 'ts-kafka', 'config.json'), JSON.stringify(config));
  const env = cleanEnv({ XDG_CONFIG_HOME: dir });
  const { stdout } = await run(['profile'], env);
  expect(stdout).toContain(`bootstrap-server  a:1\nfrom              profile "a" of ${dir}/ts-kafka/config.json\n`);
  const json = JSON.parse((await run(['profile', '--output', 'json'], { ...env, TS_KAFKA_PROFILE: 'b' })).stdout);
  expect(json.active).toEqual({ 'bootstrap-server': 'b:1' });
  expect((await run(['profile'])).stdout).toMatch(/^bootstrap-server {2}none\n/);
  expect((await run(['topics', '--list'])).stderr).toBe('--bootstrap-server must be specified\n');
});
