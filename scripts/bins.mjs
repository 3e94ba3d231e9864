#!/usr/bin/env node
/**
 * Makes bin/*.js and package.json's "bin" say what src/commands/index.ts says: one two-line file a script, installed
 * under both of its names, kafka-topics and kafka-topics.sh. Run after adding a command; test/tidy.test.ts checks it.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** Commands that Kafka has no script for. */
const OURS = ['server', 'quickstart', 'completion', 'profile', 'install-scripts', 'left-out', 'help'];
/** Scripts that only say what to use instead. */
const LEFT_OUT = Object.keys(
  JSON.parse(readFileSync(path.join(ROOT, 'src/commands/own/left-out/scripts.json'), 'utf8')),
);

function wantedBins(index) {
  const names = [...index.matchAll(/^\s*'?([\w-]+)'?:.*?import\('\.\/[^']+\.js'\)/gm)].map((m) => m[1]);
  return names.filter((name) => !OURS.includes(name)).sort();
}
const binFile = (...words) =>
  `#!/usr/bin/env node\nrequire('./run.js')([${words.map((word) => `'${word}'`).join(', ')}, ...process.argv.slice(2)]);\n`;

/** Every file of bin/ that is made, with its text. */
const binFiles = (names) =>
  new Map([
    ...names.map((name) => [`kafka-${name}.js`, binFile(name)]),
    ...LEFT_OUT.map((name) => [`${name}.js`, binFile('left-out', name)]),
  ]);

function binField(names) {
  const bin = { 'ts-kafka': 'bin/ts-kafka.js' };
  for (const name of names) for (const end of ['', '.sh']) bin[`kafka-${name}${end}`] = `bin/kafka-${name}.js`;
  for (const name of LEFT_OUT) for (const end of ['', '.sh']) bin[`${name}${end}`] = `bin/${name}.js`;
  return bin;
}

const index = path.join(ROOT, 'src/commands/index.ts');
const names = existsSync(index) ? wantedBins(readFileSync(index, 'utf8')) : [];
const folder = path.join(ROOT, 'bin');
const manifest = path.join(ROOT, 'package.json');
const json = JSON.parse(readFileSync(manifest, 'utf8'));

const KEPT = ['package.json', 'run.js', 'ts-kafka.js'];
const made = () => readdirSync(folder).filter((file) => !KEPT.includes(file));

function write() {
  for (const file of made()) rmSync(path.join(folder, file));
  for (const [file, text] of binFiles(names)) writeFileSync(path.join(folder, file), text, { mode: 0o755 });
  json.bin = binField(names);
  writeFileSync(manifest, `${JSON.stringify(json, null, 2)}\n`);
}

function check() {
  const wanted = binFiles(names);
  const wrong = made().filter((file) => !wanted.has(file));
  for (const [name, text] of wanted) {
    const file = path.join(folder, name);
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) wrong.push(name);
  }
  if (JSON.stringify(json.bin) !== JSON.stringify(binField(names))) wrong.push('package.json');
  for (const file of wrong)
    process.stderr.write(`${file} is not what src/commands/index.ts says: run node scripts/bins.mjs\n`);
  if (wrong.length > 0) process.exitCode = 1;
}

if (process.argv.includes('--check')) check();
else write();
