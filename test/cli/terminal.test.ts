import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pty from '@lydell/node-pty';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrokerProcess, run as runProgram, startBroker } from '../support/process.js';
import { BIN, cleanEnv, run, silentServer } from './support.js';

const ESC = '\u001b[';

/** Runs `ts-kafka ARGV` on a pseudo-terminal. Resolves to its output and exit code. */
function onTerminal(argv: string[], env = cleanEnv()): Promise<{ text: string; code: number }> {
  const terminal = pty.spawn(process.execPath, [BIN, ...argv], { cols: 120, rows: 30, env });
  let text = '';
  terminal.onData((data) => {
    text += data;
  });
  return new Promise((done) => terminal.onExit(({ exitCode }) => setTimeout(() => done({ text, code: exitCode }), 50)));
}

describe('an error', () => {
  const ARGV = ['topics', '--lst'];
  const PLAIN = 'lst is not a recognized option\n';

  test('is red on a terminal, with a suggestion', async () => {
    const { text, code } = await onTerminal(ARGV);
    expect(text).toContain(`${ESC}31mlst is not a recognized option${ESC}39m`);
    expect(text).toContain('Did you mean --list?');
    expect(code).toBe(1);
  });

  test('is not coloured with NO_COLOR, and coloured with FORCE_COLOR', async () => {
    const without = await onTerminal(ARGV, cleanEnv({ NO_COLOR: '1' }));
    expect(without.text).not.toContain(ESC);
    expect(without.text).toContain('Did you mean --list?');
    expect((await onTerminal(ARGV, cleanEnv({ NO_COLOR: '1', FORCE_COLOR: '1' }))).text).toContain(`${ESC}31m`);
  });

  test('is plain in a pipe, whatever the environment variables', async () => {
    expect(await run(ARGV)).toEqual({ stdout: '', stderr: PLAIN, code: 1 });
    expect(await run(ARGV, cleanEnv({ FORCE_COLOR: '1' }))).toEqual({ stdout: '', stderr: PLAIN, code: 1 });
  });
});

describe('a broker that does not answer', () => {
  let dir: string;
  let silent: { port: number; server: Server };
  let argv: string[];
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'ts-kafka-terminal-'));
    const file = join(dir, 'fast.properties');
    writeFileSync(file, 'default.api.timeout.ms=2600\nrequest.timeout.ms=600\n');
    silent = await silentServer();
    argv = ['topics', '--bootstrap-server', `127.0.0.1:${silent.port}`, '--command-config', file, '--list'];
  });
  afterAll(() => {
    silent.server.close();
    rmSync(dir, { recursive: true });
  });

  test('is waited for with a notice, which disappears at the end', async () => {
    const { text, code } = await onTerminal(argv);
    expect(text).toContain(`Waiting for 127.0.0.1:${silent.port}`);
    expect(text).toContain('\u001b[?25h'); // the cursor is shown again
    expect(text).toMatch(/\u001b\[\?25hError while executing topic command : .*listTopics/);
    expect(code).toBe(1);
  });

  test('is waited for without a notice in a pipe', async () => {
    const outcome = await run(argv);
    expect(outcome.stdout).toMatch(/^Error while executing topic command : [^\n]*listTopics[^\n]*\n$/);
    expect(outcome).toMatchObject({ stderr: '', code: 1 });
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('is waited for no longer after %s', async (signal, code) => {
    const started = Date.now();
    const outcome = await run(argv, cleanEnv(), (child) => {
      silent.server.once('connection', () => child.kill(signal));
    });
    expect(outcome).toEqual({ stdout: '', stderr: '', code });
    expect(Date.now() - started).toBeLessThan(2500);
  });
});

describe('a name that does not exist', () => {
  let broker: BrokerProcess;
  const on = (...words: string[]) => [words[0] as string, '--bootstrap-server', broker.bootstrap, ...words.slice(1)];
  beforeAll(async () => {
    broker = await startBroker();
    await run(on('topics', '--create', '--topic', 'orders'));
    const reset = ['--reset-offsets', '--group', 'readers', '--topic', 'orders', '--to-earliest', '--execute'];
    await run(on('consumer-groups', ...reset));
  });
  afterAll(() => broker.remove());

  test.each([
    [['topics', '--describe', '--topic', 'oders'], 'Did you mean orders?'],
    [['consumer-groups', '--describe', '--group', 'raeders'], 'Did you mean readers?'],
    [['consumer-groups', '--delete', '--group', 'reader'], 'Did you mean readers?'],
  ])('%j is told what is', async (words, hint) => {
    expect((await onTerminal(on(...words))).text).toContain(hint);
    const piped = await run(on(...words));
    expect(piped.stdout + piped.stderr).not.toMatch(/did you mean|\u001b/i);
  });

  test('long work shows its progress, on a terminal only', async () => {
    const slow = (bin: string) =>
      `(echo 12345; sleep 2.6; echo 6789) | ${bin} ${BIN} ${on('console-producer', '--topic', 'orders').join(' ')}`;
    const terminal = pty.spawn('sh', ['-c', slow(process.execPath)], { cols: 120, rows: 30, env: cleanEnv() });
    let text = '';
    terminal.onData((data) => {
      text += data;
    });
    const piped = runProgram('sh', ['-c', slow(process.execPath)]);
    await new Promise((done) => terminal.onExit(done));
    expect(text).toContain('Sending: 0.0 MB');
    expect(text.endsWith('\u001b[?25h')).toBe(true);
    const { code, stdout, stderr } = await piped;
    expect([code, stdout.toString(), stderr]).toEqual([0, '', '']);
  });
});

test('an unknown property is reported on a terminal, and ignored in a pipe, as in Java', async () => {
  const broker = await startBroker();
  const dir = mkdtempSync(join(tmpdir(), 'ts-kafka-terminal-'));
  try {
    const file = join(dir, 'typo.properties');
    writeFileSync(file, 'tyop.ms=secret\n');
    const argv = ['topics', '--bootstrap-server', broker.bootstrap, '--command-config', file, '--list'];
    const { text, code } = await onTerminal(argv);
    expect(text).toContain("WARN: the property tyop.ms is not one of Kafka's clients' and has no effect.");
    expect(text).not.toContain('secret');
    expect(code).toBe(0);
    expect(await run(argv)).toEqual({ stdout: '\n', stderr: '', code: 0 });
  } finally {
    rmSync(dir, { recursive: true });
    await broker.remove();
  }
});
