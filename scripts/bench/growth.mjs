/** The rows of --full: the cost per record from 10^4 to 10^7, per topic from 10 to 10,000, and a stream of 5 GB. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { consuming, producing } from './commands.mjs';
import { contents, lineOf, writeLines } from './input.mjs';
import { cpuMs, memoryMb, timed } from './measure.mjs';
import { firstOf, kcat, makeTopic, server, startBroker, ts } from './peers.mjs';

/** The cost per record, µs of wall time, by number of records. */
async function perRecord(bench) {
  const broker = await startBroker('embedded', 'growth-records');
  const program = {};
  for (const count of [10_000, 100_000, 1_000_000, 10_000_000]) {
    program[`${count} records`] = async () => {
      const input = writeLines('growth', count, (i) => lineOf(i, 100));
      const wanted = await contents(input);
      const produced = await producing(broker.at, input, count, (t) =>
        ts('console-producer', ...server(broker.at), '--topic', t),
      )();
      const topic = await makeTopic(broker.at);
      const before = cpuMs(broker.pid);
      await timed(kcat('-P', '-b', broker.at, '-t', topic), { stdin: input });
      const brokerCpu = cpuMs(broker.pid) - before;
      const consumed = await consuming(() => ts('console-consumer', ...firstOf(broker.at, topic, count)), wanted)();
      rmSync(input);
      const each = (ms) => (ms * 1000) / count;
      return {
        'µs to produce': each(produced.ms),
        'µs to consume': each(consumed.ms),
        "µs of the broker's CPU": each(brokerCpu),
        'MB producer': produced.peakMb,
        'MB consumer': consumed.peakMb,
        'MB broker': memoryMb(broker.pid, 'VmHWM'),
      };
    };
  }
  await bench.row('growth: per record', program, { rounds: 1, curve: true });
  await broker.stop();
}

/** The cost per topic, µs, by number of topics. */
async function perTopic(bench) {
  const program = {};
  for (const count of [10, 100, 1000, 10_000]) {
    program[`${count} topics`] = async () => {
      const folder = `growth-topics-${count}`;
      const first = await startBroker('embedded', folder);
      const admin = `import { createRequire } from 'node:module';
        const { Kafka, logLevel } = createRequire(process.cwd() + '/package.json')('kafkajs');
        const admin = new Kafka({ brokers: ['${first.at}'], logLevel: logLevel.NOTHING }).admin();
        await admin.connect();
        for (let i = 0; i < ${count}; i += 500)
          await admin.createTopics({ timeout: 60000, waitForLeaders: false,
            topics: Array.from({ length: Math.min(500, ${count} - i) }, (_, j) => ({ topic: 't-' + (i + j), numPartitions: 1 })) });
        await admin.disconnect();`;
      execFileSync(process.execPath, ['--input-type=module', '-e', admin]);
      await first.stop();
      const since = performance.now();
      const broker = await startBroker('embedded', folder);
      const started = performance.now() - since;
      const list = await timed(ts('topics', ...server(broker.at), '--list'));
      const describe = await timed(ts('topics', ...server(broker.at), '--describe'), { peak: true });
      const rss = memoryMb(broker.pid);
      await broker.stop();
      return {
        'ms broker start': started,
        'ms --list': list.ms,
        'ms --describe': describe.ms,
        'MB --describe': describe.peakMb,
        'MB broker': rss,
      };
    };
  }
  await bench.row('growth: by topics', program, { rounds: 1, curve: true });
}

/** A stream of 5 GB through a pipe: the memory of producer and consumer must not grow with it. */
async function stream(bench) {
  if (!bench.wants('stream of 5 GB')) return;
  const broker = await startBroker('embedded', 'stream');
  const topic = await makeTopic(broker.at);
  const bytes = 5 * 2 ** 30;
  const count = Math.floor(bytes / 1000);
  const source = `const line = Buffer.alloc(1000, 120); line[999] = 10; const chunk = Buffer.concat(Array(1000).fill(line));
    let left = ${count}; const more = () => { while (left > 0) { const n = Math.min(1000, left); left -= n;
      if (!process.stdout.write(chunk.subarray(0, n * 1000))) return process.stdout.once('drain', more); } }; more();`;
  const pipe = (...command) => timed(['sh', '-c', 'node -e "$0" | exec "$@"', source, ...command], { peak: true });
  await bench.row(
    'stream of 5 GB',
    {
      producer: () => pipe(...ts('console-producer', ...server(broker.at), '--topic', topic)),
      consumer: () => timed(ts('console-consumer', ...firstOf(broker.at, topic, count)), { peak: true }),
    },
    { rounds: 1, curve: true },
  );
  await broker.stop();
}

export async function growth(bench) {
  await perRecord(bench);
  await perTopic(bench);
  await stream(bench);
}
