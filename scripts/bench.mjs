#!/usr/bin/env node
/**
 * How ts-kafka compares with its peers, side by side in one run:
 *   bench.mjs [--full] [--rounds 5] [--records 1000000] [--only REGEX] [--out FILE] [--docs]
 * Every row is one job done by several programs (whole processes), in shuffled order, round after round; the counts and bytes
 * that each moved are checked. Printed are medians, their spread, and the ratios: ratios travel, seconds do not.
 * --full adds the curves of growth, a stream of 5 GB, and 2,000 large messages instead of 500. --docs writes the table into docs/performance.md.
 * Peers: Apache Kafka's tools and broker with its scripts' heap flags (scripts/apache-kafka.sh), and kcat.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { brokerRows } from './bench/brokers.mjs';
import { consume, large, latency, produce, startUp } from './bench/commands.mjs';
import { growth } from './bench/growth.mjs';
import { lineOf, writeLines } from './bench/input.mjs';
import { Bench } from './bench/measure.mjs';
import { DIR, ROOT, startBroker, stopAll } from './bench/peers.mjs';
import { writeTable } from './bench/table.mjs';

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    records: { type: 'string', default: '1000000' },
    only: { type: 'string', default: '.' },
    out: { type: 'string', default: path.join(ROOT, 'bench.json') },
    docs: { type: 'boolean', default: false },
  },
});
const records = Math.ceil(Number(values.records) / 8) * 8;
const bench = new Bench({ rounds: Number(values.rounds), only: new RegExp(values.only, 'i') });

const machine = () => ({
  date: new Date().toISOString().slice(0, 10),
  cpu: os.cpus()[0]?.model,
  cores: os.cpus().length,
  memory: `${Math.round(os.totalmem() / 2 ** 30)} GB`,
  kernel: os.release(),
  node: process.version,
  version: JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')).version,
});

try {
  const since = performance.now();
  const apache = await startBroker('Apache Kafka', 'apache');
  writeLines('eighth', records / 8, (i) => lineOf(i, 100));
  await startUp(bench, apache.at);
  const input = await produce(bench, apache.at, records);
  await consume(bench, apache.at, input, records);
  await large(bench, apache.at, values.full ? 2000 : 500);
  await latency(bench, apache.at, 'one line typed -> seen by a waiting consumer');
  await apache.stop();
  // both brokers run the same rows, so that they are warmed up equally
  const brokers = [await startBroker('embedded', 'embedded'), await startBroker('Apache Kafka', 'apache-too')];
  await brokerRows(bench, brokers, input, records);
  await latency(bench, brokers[0].at, 'one line typed -> seen, on the embedded broker', { withJava: false });
  if (values.full) await growth(bench);
  const result = { machine: machine(), records, results: bench.results };
  process.stdout.write(
    `${JSON.stringify(result.machine)}\nIt took ${Math.round((performance.now() - since) / 1000)} s.\n`,
  );
  writeFileSync(values.out, `${JSON.stringify(result, null, 1)}\n`);
  if (values.docs) writeTable(result, path.join(ROOT, 'docs/performance.md'));
} finally {
  await stopAll();
  rmSync(DIR, { recursive: true, force: true });
}
