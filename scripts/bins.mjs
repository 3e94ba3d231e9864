#!/usr/bin/env node
/**
 * Generates bin/kafka-*.js and package.json's "bin" from src/commands/index.ts: one two-line file per script, installed
 * under both names, kafka-topics and kafka-topics.sh. Run it after adding a command; test/tidy.test.ts checks it.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** Commands without a Kafka script. */
const OURS = ['server', 'quickstart', 'completion', 'profile', 'install-scripts', 'help'];

function wantedBins(index) {
  const names = [...index.matchAll(/^\s*'?([\w-]+)'?:.*?import\('\.\/[^']+\.js'\)/gm)].map((m) => m[1]);
  return names.filter((name) => !OURS.includes(name)).sort();
}
const binFile = (name) => `#!/usr/bin/env node\nrequire('./run.js')(['${name}', ...process.argv.slice(2)]);\n`;

function binField(names) {
  const bin = { 'ts-kafka': 'bin/ts-kafka.js' };
  for (const name of names) for (const end of ['', '.sh']) bin[`kafka-${name}${end}`] = `bin/kafka-${name}.js`;
  return bin;
}

const index = path.join(ROOT, 'src/commands/index.ts');
const names = existsSync(index) ? wantedBins(readFileSync(index, 'utf8')) : [];
const folder = path.join(ROOT, 'bin');
const manifest = path.join(ROOT, 'package.json');
const json = JSON.parse(readFileSync(manifest, 'utf8'));

function write() {
  for (const file of readdirSync(folder)) if (file.startsWith('kafka-')) rmSync(path.join(folder, file));
  for (const name of names) writeFileSync(path.join(folder, `kafka-${name}.js`), binFile(name), { mode: 0o755 });
  json.bin = binField(names);
  writeFileSync(manifest, `${JSON.stringify(json, null, 2)}\n`);
}

function check() {
  const wanted = names.map((name) => `kafka-${name}.js`);
  const wrong = readdirSync(folder).filter((f) => f.startsWith('kafka-') && !wanted.includes(f));
  for (const name of names) {
    const file = path.join(folder, `kafka-${name}.js`);
    if (!existsSync(file) || readFileSync(file, 'utf8') !== binFile(name)) wrong.push(`kafka-${name}.js`);
  }
  if (JSON.stringify(json.bin) !== JSON.stringify(binField(names))) wrong.push('package.json');
  for (const file of wrong)
    process.stderr.write(`${file} is not what src/commands/index.ts says: run node scripts/bins.mjs\n`);
  if (wrong.length > 0) process.exitCode = 1;
}

if (process.argv.includes('--check')) check();
else write();
