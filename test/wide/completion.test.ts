/** Completion in real shells: fish and zsh (bash is always available, and tested in test/cli). */
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { spawn as spawnPty } from '@lydell/node-pty';
import { afterAll, expect, test } from 'vitest';
import { BIN, ROOT, tempDir } from '../support/process.js';

const home = tempDir();
afterAll(() => home.remove());
const bin = path.join(home.path, 'bin');
mkdirSync(bin);
symlinkSync(BIN, path.join(bin, 'ts-kafka'));
symlinkSync(path.join(ROOT, 'bin/kafka-topics.js'), path.join(bin, 'kafka-topics.sh'));
const env = { PATH: `${bin}:${process.env.PATH}`, HOME: home.path, TERM: 'xterm', LANG: 'C.UTF-8' };

const fish = (line: string): string[] => {
  const script = `ts-kafka completion fish | source; complete -C '${line}'`;
  const { stdout, error } = spawnSync('fish', ['--no-config', '-c', script], { env, encoding: 'utf8' });
  if (error) throw error;
  return stdout.split('\n').slice(0, -1);
};

test('fish completes commands and flags with descriptions, and values', () => {
  expect(fish('ts-kafka top')).toEqual([expect.stringMatching(/^topics\t\w/)]);
  expect(fish('kafka-topics.sh --descr')).toEqual([expect.stringMatching(/^--describe\t\w/)]);
  expect(fish('ts-kafka groups --group-type st').map((found) => found.split('\t')[0])).toEqual(['streams']);
});

/** The line after pressing tab at its end in zsh, which removes its trailing blank again when something follows. */
function zsh(line: string): Promise<string> {
  const shell = spawnPty('zsh', ['-f', '-i'], { env, cols: 200, rows: 20 });
  let said = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      shell.kill();
      reject(new Error(`zsh said ${JSON.stringify(said)}`));
    }, 20_000);
    let typed = false;
    shell.onData((piece) => {
      said += piece;
      if (!typed && said.includes('is-ready')) {
        typed = true;
        // the completed line becomes what is echoed: its start is put in front of it afterwards
        shell.write(`${line}\t`);
        setTimeout(() => shell.write("\x01print -r -- '<\x05>'\r"), 3000);
      }
      const found = /\n<([^>\n]*)>/.exec(said);
      if (!found) return;
      clearTimeout(timer);
      shell.kill();
      resolve(found[1] as string);
    });
    shell.write('autoload -Uz compinit && compinit -u && eval "$(ts-kafka completion zsh)" && print is-"ready"\r');
  });
}

test('zsh completes commands and flags', async () => {
  expect(await zsh('ts-kafka top')).toBe('ts-kafka topics');
  expect(await zsh('kafka-topics.sh --descr')).toBe('kafka-topics.sh --describe');
});
