/** Files in shared places, where another user could have created something first. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { NotOwn, openOutput, ownDirectory, readOwn, replaceFile, writeNew } from '../../src/cli/own-files.js';
import { tempDir } from '../support/process.js';

const temp = tempDir();
afterAll(() => temp.remove());
const at = (name: string) => join(temp.path, name);
const victim = (name: string) => {
  writeFileSync(at(name), 'precious');
  return at(name);
};
const mode = (path: string) => statSync(path).mode & 0o777;
/** a user id that does not exist */
const STRANGER = 4_000_000;

test('a folder is created private to its user, and an existing one is made private', () => {
  ownDirectory(at('new'));
  mkdirSync(at('open'));
  chmodSync(at('open'), 0o777);
  ownDirectory(at('open'));
  expect([mode(at('new')), mode(at('open'))]).toEqual([0o700, 0o700]);
});

test('a symbolic link, a file, or a folder of another user is rejected', () => {
  mkdirSync(at('elsewhere'));
  symlinkSync(at('elsewhere'), at('link'));
  victim('file');
  for (const name of ['link', 'file']) expect(() => ownDirectory(at(name))).toThrow(NotOwn);
  expect(() => ownDirectory(at('elsewhere'), STRANGER)).toThrow('belongs to another user');
});

test.each([
  ['writeNew', writeNew],
  ['replaceFile', replaceFile],
])('%s does not write through a link, and gives the mode it is told', (name, write) => {
  const target = victim(`${name}.target`);
  symlinkSync(target, at(name));
  const umask = process.umask(0o077);
  try {
    write(at(name), 'text', 0o644);
  } finally {
    process.umask(umask);
  }
  expect([readFileSync(target, 'utf8'), readFileSync(at(name), 'utf8')]).toEqual(['precious', 'text']);
  expect([lstatSync(at(name)).isSymbolicLink(), mode(at(name))]).toEqual([false, 0o644]);
});

test('readOwn rejects a symbolic link, a folder, and a file of another user', () => {
  const file = victim('mine');
  symlinkSync(file, at('to-mine'));
  expect(readOwn(file)).toBe('precious');
  expect(() => readOwn(at('to-mine'))).toThrow('ELOOP');
  expect(() => readOwn(temp.path)).toThrow();
  expect(() => readOwn(file, STRANGER)).toThrow(NotOwn);
});

test('openOutput truncates our own file, but not the target of a symbolic link or a file of another user', () => {
  const file = victim('out');
  symlinkSync(file, at('to-out'));
  expect(() => openOutput(at('to-out'))).toThrow('ELOOP');
  expect(() => openOutput(file, STRANGER)).toThrow(NotOwn);
  expect(readFileSync(file, 'utf8')).toBe('precious');
  expect(openOutput(file)).toBeGreaterThan(0);
  expect([readFileSync(file, 'utf8'), existsSync(at('to-out'))]).toEqual(['', true]);
});
