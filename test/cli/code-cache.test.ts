/** V8's code caches of the bundles: who may have written one that is run, and where one lies. By process. */
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROOT, tempDir, tsKafkaWith } from '../support/process.js';

let temp: ReturnType<typeof tempDir>;
const dist = () => join(temp.path, 'dist');
const caches = (dir: string) => readdirSync(dir).filter((name) => name.endsWith('.cache'));
const own = () => join(temp.path, 'cache', 'ts-kafka');
/** Runs a command of which only the bundle is there. */
const run = async () => {
  const env = { TS_KAFKA_DIST: dist(), XDG_CACHE_HOME: join(temp.path, 'cache') };
  const { code, stderr } = await tsKafkaWith(env, ['profile']);
  expect(code, stderr).toBe(0);
};
const made = async () => {
  await run();
  const [name, ...others] = caches(dist());
  expect(others).toEqual([]);
  return join(dist(), name as string);
};

beforeEach(() => {
  temp = tempDir();
  mkdirSync(dist());
  for (const name of readdirSync(join(ROOT, 'dist'))) {
    if (/\.(cjs|js)$/.test(name)) copyFileSync(join(ROOT, 'dist', name), join(dist(), name));
  }
});
afterEach(() => temp.remove());

test('a cache is written by its user alone, whatever the umask', async () => {
  const umask = process.umask(0o002);
  try {
    expect(statSync(await made()).mode & 0o777).toBe(0o644);
  } finally {
    process.umask(umask);
  }
});

test('one that others can write is not run: it is made anew', async () => {
  const cache = await made();
  const good = readFileSync(cache);
  writeFileSync(cache, 'tampered');
  chmodSync(cache, 0o664);
  await run();
  expect([readFileSync(cache).length > 1000, statSync(cache).mode & 0o777, good.length > 1000]).toEqual([
    true,
    0o644,
    true,
  ]);
});

test('one that is a link is neither run nor written through', async () => {
  const cache = await made();
  const target = join(temp.path, 'target');
  writeFileSync(target, 'precious');
  rmSync(cache);
  symlinkSync(target, cache);
  await run();
  expect(readFileSync(target, 'utf8')).toBe('precious');
  expect(readFileSync(cache).length).toBeGreaterThan(1000);
});

test('where the installation takes none, it lies in the user’s cache folder, closed to others, and is used', async () => {
  const cache = await made();
  rmSync(cache);
  // what is there cannot be replaced, as in a folder that cannot be written
  mkdirSync(join(cache, 'in-the-way'), { recursive: true });
  await run();
  const [name] = caches(own());
  const file = join(own(), name as string);
  const before = statSync(file);
  expect([statSync(own()).mode & 0o777, before.mode & 0o777]).toEqual([0o700, 0o644]);
  await run();
  expect(statSync(file).mtimeMs).toBe(before.mtimeMs);
});

test('a cache folder that others can write is not used', async () => {
  const cache = await made();
  rmSync(cache);
  mkdirSync(join(cache, 'in-the-way'), { recursive: true });
  mkdirSync(own(), { recursive: true });
  chmodSync(own(), 0o777);
  await run();
  expect(caches(own())).toEqual([]);
});
