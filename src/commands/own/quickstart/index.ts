/** `ts-kafka quickstart`: runs the whole tutorial with real processes of this program, and prints the commands to repeat it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '../../../cli/errors.js';
import type { Command } from '../../../cli/io.js';
import { Stage } from './stage.js';

const TOPIC = 'test-topic';
const LIVE = 'Hello, Kafka!';
const LAST = ['Ünïcödé 🎉 as well', 'and the last line'];
const USAGE = `usage: ts-kafka quickstart

Starts a broker with a free port and a fresh directory, runs the topics, producer, consumer and groups commands
against it, and cleans up. Takes a few seconds and needs nothing but this program.
`;

export const command: Command = {
  async run(argv, io) {
    if (argv.length > 0)
      throw new CommandError('usage', { stdout: USAGE, code: /^(-h|--help)$/.test(argv[0] ?? '') ? 0 : 1 });
    const dir = mkdtempSync(join(tmpdir(), 'ts-kafka-quickstart-'));
    const stage = await Stage.open(io);
    try {
      await play(stage, dir);
      return 0;
    } finally {
      await stage.clear();
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

async function play(stage: Stage, dir: string): Promise<void> {
  stage.say('A broker with a free port and a fresh directory:');
  const log = join(dir, 'data');
  const server = stage.spawn('server', [
    '--override',
    'listeners=PLAINTEXT://localhost:0',
    '--override',
    `log.dirs=${log}`,
  ]);
  const ready = await server.line((line) => / ready on \S+:\d+/.test(line), 'the broker to be ready');
  const address = /ready on (\S+:\d+)/.exec(ready)?.[1] as string;
  const at = ['--bootstrap-server', address];

  stage.say('A topic with one partition and one replica, and the list of topics:');
  const create = ['--create', '--topic', TOPIC, '--partitions', '1', '--replication-factor', '1', ...at];
  stage.expect((await stage.run('topics', create)).includes(`Created topic ${TOPIC}.`), 'the topic was created');
  stage.expect((await stage.run('topics', ['--list', ...at])).split('\n').includes(TOPIC), 'the topic is in the list');

  stage.say('A consumer that reads from the beginning and waits for records:');
  const consumer = stage.spawn('console-consumer', ['--topic', TOPIC, '--from-beginning', ...at], 'consumer');

  stage.say('A producer. Lines typed into it arrive at the consumer:');
  const producer = stage.spawn('console-producer', ['--topic', TOPIC, ...at]);
  const arrives = (line: string) => consumer.line((received) => received === line, `the consumer to print "${line}"`);
  producer.type(LIVE);
  await arrives(LIVE);
  for (const line of LAST) producer.type(line);
  stage.expect((await producer.end()) === 0, 'the producer ends with its input');
  for (const line of LAST) await arrives(line);

  stage.say('The consumer has its own group:');
  const groups = await stage.run('consumer-groups', ['--list', ...at]);
  const group = groups.split('\n').find((name) => name.startsWith('console-consumer-'));
  stage.expect(group !== undefined, 'the console consumer’s group is in the list');
  const described = await stage.run('consumer-groups', ['--describe', '--group', group as string, ...at]);
  stage.expect(described.includes(group as string) && described.includes(TOPIC), 'the group is described');

  stage.say('Everything stops cleanly:');
  stage.expect((await consumer.stop('SIGINT')) === 130, 'the consumer leaves its group and ends');
  stage.expect((await server.stop('SIGTERM')) === 143, 'the broker ends');
  byHand(stage);
}

function byHand(stage: Stage): void {
  const at = '--bootstrap-server localhost:9092';
  stage.done('Every step succeeded. To repeat them by hand, run each long-running command in its own terminal:');
  const lines = [
    'ts-kafka server',
    `ts-kafka topics --create --topic ${TOPIC} --partitions 1 --replication-factor 1 ${at}`,
    `ts-kafka console-consumer --topic ${TOPIC} --from-beginning ${at}`,
    `ts-kafka console-producer --topic ${TOPIC} ${at}`,
    `ts-kafka consumer-groups --list ${at}`,
  ];
  for (const line of lines) stage.command(line);
}
