#!/usr/bin/env node
/**
 * docs/terminal.svg: a terminal, drawn from a real run of the commands against the embedded broker.
 *   node scripts/picture.mjs
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './lib/free-port.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** columns */
const WIDTH = 132;

const dir = mkdtempSync(path.join(tmpdir(), 'picture-'));
const port = await freePort();
const at = `localhost:${port}`;
const lines = [];
const type = (text) => lines.push({ text: `$ ${text}`, typed: true });
const print = (text) => {
  for (const line of text.replace(/\n$/, '').split('\n')) lines.push({ text: line.slice(0, WIDTH) });
};

/** Runs a command and records the command line and its output. */
function run(words, { input, before = '' } = {}) {
  type(`${before}${words.join(' ')}`);
  const [name, ...args] = words;
  const { stdout, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'bin', `${name}.js`), ...args], {
    encoding: 'utf8',
    env: { ...process.env, TS_KAFKA_BOOTSTRAP_SERVER: at },
    input: input ?? '',
  });
  const shown = `${stdout}${stderr}`.trim();
  if (shown !== '') print(shown);
}

const listeners = `listeners=PLAINTEXT://${at}`;
const server = spawn(
  process.execPath,
  [path.join(ROOT, 'bin/ts-kafka.js'), 'server', '--override', listeners, '--override', `log.dirs=${dir}`],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
const ready = await new Promise((resolve) => server.stdout.once('data', (line) => resolve(String(line))));
type(`ts-kafka server --override ${listeners} &`);
print(ready.replace(dir, '~/.local/share/ts-kafka/data'));
type(`export TS_KAFKA_BOOTSTRAP_SERVER=${at}`);
run(['kafka-topics', '--create', '--topic', 'test-topic', '--partitions', '1']);
const input = 'Hello, Kafka!\nand again\n';
run(['kafka-console-producer', '--topic', 'test-topic'], {
  input,
  before: `printf '${input.replaceAll('\n', '\\n')}' | `,
});
run([
  'kafka-console-consumer',
  '--topic',
  'test-topic',
  '--group',
  'readers',
  '--from-beginning',
  '--max-messages',
  '2',
]);
run(['kafka-consumer-groups', '--describe', '--group', 'readers']);
run(['kafka-get-offsets', '--topic', 'test-topic']);
server.kill();
await new Promise((resolve) => server.once('exit', resolve));
rmSync(dir, { recursive: true, force: true });

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const rows = lines.map(({ text, typed }, i) => {
  const y = 52 + i * 18;
  const fill = typed ? '#9ece6a' : '#c0caf5';
  return `<text x="18" y="${y}" fill="${fill}" xml:space="preserve">${escaped(text)}</text>`;
});
const height = 64 + lines.length * 18;
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1070" height="${height}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13">
<rect width="1070" height="${height}" rx="8" fill="#1a1b26"/>
<circle cx="20" cy="18" r="6" fill="#f7768e"/><circle cx="40" cy="18" r="6" fill="#e0af68"/><circle cx="60" cy="18" r="6" fill="#9ece6a"/>
${rows.join('\n')}
</svg>
`;
writeFileSync(path.join(ROOT, 'docs/terminal.svg'), svg);
