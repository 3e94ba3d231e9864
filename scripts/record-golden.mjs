#!/usr/bin/env node
/**
 * Records golden transcripts from Apache Kafka's Java tools and broker, both 4.4.0, never from ts-kafka. With another version
 * of either, adds the differences to the file.
 *   record-golden.mjs FILE...                 starts a new broker and writes the output into the files
 *   record-golden.mjs --check FILE...         prints the differences between the files and the actual output instead
 *   record-golden.mjs --bootstrap H:P FILE... uses a running broker
 *   record-golden.mjs [--tools 3.7.2] [--broker 3.7.2] FILE...
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { expected, format, parse, play, record } from './lib/transcript.mjs';

const KAFKA = path.join(path.dirname(fileURLToPath(import.meta.url)), 'apache-kafka.sh');
const { values, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    bootstrap: { type: 'string' },
    check: { type: 'boolean' },
    port: { type: 'string', default: '29392' },
    tools: { type: 'string', default: '4.4.0' },
    broker: { type: 'string', default: '4.4.0' },
  },
});
if (files.length === 0) {
  process.stderr.write(
    'usage: record-golden.mjs [--check] [--bootstrap HOST:PORT | --port N] [--tools VERSION] [--broker VERSION] FILE...\n',
  );
  process.exit(1);
}

const folder = mkdtempSync(path.join(tmpdir(), 'record-golden-'));
const bootstrap = values.bootstrap ?? `localhost:${values.port}`;
const versions = values.tools === '4.4.0' && values.broker === '4.4.0' ? undefined : `${values.tools} ${values.broker}`;
const env = { ...process.env, APACHE_KAFKA_VERSION: values.broker };
if (!values.bootstrap)
  execFileSync(KAFKA, ['up', values.port, folder], { env, stdio: ['ignore', 'inherit', 'inherit'] });
let different = 0;
try {
  for (const file of files) {
    const transcript = parse(readFileSync(file, 'utf8'));
    const outcomes = await play(transcript, { tools: 'java', bootstrap, version: values.tools });
    if (!values.check) {
      record(outcomes, versions);
      writeFileSync(file, format(transcript));
      process.stdout.write(`${file}: ${outcomes.length} steps recorded\n`);
      continue;
    }
    for (const { step, seen } of outcomes) {
      if (isDeepStrictEqual(expected(step, versions), seen)) continue;
      different++;
      process.stdout.write(
        `${file}: ${step.line || step.name}\n  written ${JSON.stringify(expected(step, versions))}\n  seen    ${JSON.stringify(seen)}\n`,
      );
    }
  }
} finally {
  if (!values.bootstrap) execFileSync(KAFKA, ['down', folder]);
  rmSync(folder, { recursive: true, force: true });
}
if (values.check) process.stdout.write(`${different} differences\n`);
process.exitCode = different > 0 ? 1 : 0;
