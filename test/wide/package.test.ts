import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT, run } from '../support/process.js';

const dir = mkdtempSync(path.join(tmpdir(), 'ts-kafka-package-'));
const inDir = (command: string) => run('sh', ['-c', `cd '${dir}' && ${command}`], '', 110_000);

beforeAll(async () => {
  const packed = await run('sh', ['-c', `cd '${ROOT}' && npm pack --silent --pack-destination '${dir}'`], '', 110_000);
  expect(packed.code, packed.stderr).toBe(0);
  writeFileSync(path.join(dir, 'package.json'), '{"private":true,"type":"module"}');
  const tarball = readdirSync(dir).find((name) => name.endsWith('.tgz'));
  const installed = await inDir(`npm install --no-fund --no-audit ./${tarball}`);
  expect(installed.code, installed.stderr).toBe(0);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('the installed package runs the quickstart', async () => {
  const { code, stdout, stderr } = await inDir('./node_modules/.bin/ts-kafka quickstart');
  expect(stderr).toBe('');
  expect(stdout.toString()).toContain('Every step succeeded.');
  expect(code).toBe(0);
});

test('every script name is installed, with and without .sh', () => {
  const names = readdirSync(path.join(dir, 'node_modules/.bin'));
  for (const name of [
    'topics',
    'console-producer',
    'console-consumer',
    'consumer-groups',
    'storage',
    'server-start',
    'server-stop',
  ])
    expect(names).toEqual(expect.arrayContaining([`kafka-${name}`, `kafka-${name}.sh`]));
});

test('a program can start an embedded broker', async () => {
  writeFileSync(
    path.join(dir, 'own.js'),
    `import { startServer } from 'ts-kafka-cli/server';
     const server = await startServer();
     console.log(server.bootstrapServers);
     await server.stop();`,
  );
  const { code, stdout, stderr } = await inDir('node own.js');
  expect(stderr).toBe('');
  expect(stdout.toString()).toMatch(/^localhost:\d+\n$/);
  expect(code).toBe(0);
});

test('a TypeScript program gets the types', async () => {
  writeFileSync(
    path.join(dir, 'own.ts'),
    `import { type Server, startServer } from 'ts-kafka-cli/server';
     const kafka: Server = await startServer({ properties: { 'num.partitions': 3 }, log: (line: string) => {} });
     const port: number = kafka.port;
     // @ts-expect-error it is no number
     const wrong: number = kafka.bootstrapServers;
     await kafka.stop();`,
  );
  const tsc = path.join(ROOT, 'node_modules/.bin/tsc');
  const options = '--noEmit --strict --module nodenext --target es2022 --types ""';
  const { code, stdout } = await inDir(`'${tsc}' ${options} own.ts`);
  expect([code, stdout.toString()]).toEqual([0, '']);
});
