/** Invalid bytes and misbehaving clients: their connection is closed, and others are not affected. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { produce } from '../../src/protocol/apis/00-produce.js';
import { fetch } from '../../src/protocol/apis/01-fetch.js';
import { metadata } from '../../src/protocol/apis/03-metadata.js';
import { apiVersions } from '../../src/protocol/apis/18-api-versions.js';
import { createTopics } from '../../src/protocol/apis/19-create-topics.js';
import { buildBatch } from '../../src/protocol/records/builder.js';
import { Reader } from '../../src/protocol/wire/buffer.js';
import { encodeRequest } from '../../src/protocol/wire/frame.js';
import { type BrokerProcess, startBroker } from '../support/process.js';
import { Wire } from './wire.js';

let broker: BrokerProcess;
let port: number;
beforeAll(async () => {
  broker = await startBroker();
  ({ port } = broker);
});
afterAll(() => broker.remove());

/** Resident set size of the broker, bytes; 0 on systems without /proc. */
const memory = (): number =>
  process.platform === 'linux'
    ? Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${broker.pid}/status`, 'utf8'))?.[1]) * 1024
    : 0;

const int32 = (n: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(n);
  return bytes;
};
const ALL_TOPICS = { topics: null, allowAutoTopicCreation: false };
const produceTo = (topic: string, records: Buffer | null, acks = -1) => ({
  acks,
  timeoutMs: 1000,
  topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
});
const fetchFrom = (topic: string, offset: bigint, maxWaitMs: number) => ({
  maxWaitMs,
  minBytes: 1,
  topics: [{ topic, partitions: [{ partition: 0, fetchOffset: offset, partitionMaxBytes: 64 << 20 }] }],
});
const topicNamed = (name: string, numPartitions = 1) => ({
  topics: [{ name, numPartitions, replicationFactor: 1, assignments: [], configs: [] }],
});

async function stillServes(): Promise<void> {
  const wire = await Wire.open(port);
  expect(await wire.ask(apiVersions, 0, {})).toMatchObject({ errorCode: 0 });
  wire.close();
}

describe('invalid requests', () => {
  const frames: [string, Buffer][] = [
    ['a frame of length 0', int32(0)],
    ['a negative length', int32(-1)],
    ['a frame above socket.request.max.bytes', int32(104857601)],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
    ['a TLS hello', Buffer.from('16030100f5010000f10303', 'hex')],
    ['a header that is cut', Buffer.concat([int32(5), Buffer.from('0012000000', 'hex')])],
  ];
  test.each(frames)('%s closes the connection', async (_name, bytes) => {
    const wire = await Wire.open(port);
    wire.send(bytes);
    expect(await wire.frame()).toBeNull();
    await stillServes();
  });

  test('are logged once a second, with a guess at what they are', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const before = broker.said().length;
    for (let i = 0; i < 50; i++) {
      const wire = await Wire.open(port);
      wire.send(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
      await wire.frame();
    }
    const lines = broker.said().slice(before).split('\n').filter(Boolean);
    expect(lines.length).toBeLessThan(5);
    expect(lines[0]).toContain('it looks like HTTP');
  });

  test('of a client that is too old are logged with API, version, client.id and address, once a minute per client', async () => {
    const before = broker.said().length;
    const ask = async (key: number, version: number, clientId: string) => {
      const wire = await Wire.open(port);
      const id = Buffer.from(clientId);
      const length = Buffer.alloc(2);
      length.writeInt16BE(id.length);
      wire.send(Buffer.concat([int32(10 + id.length), Buffer.from([0, key, 0, version]), int32(1), length, id]));
      expect(await wire.frame()).toBeNull();
      wire.close();
    };
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 20; i++) await ask(1, 0, `agent-${i}`);
      await ask(0, 1, 'agent-7');
      await ask(99, 3, 'ag\nent');
    }
    const lines = broker.said().slice(before).split('\n').filter(Boolean);
    const from = 'closed the connection from 127.0.0.1: ';
    expect(lines.sort()).toEqual(
      [
        ...Array.from({ length: 20 }, (_, i) => `${from}Fetch version 0 is not one of 4 to 18, client.id "agent-${i}"`),
        `${from}Produce version 1 is not one of 3 to 13, client.id "agent-7"`,
        `${from}api key 99 version 3 is not served, client.id "ag\\nent"`,
      ].sort(),
    );
    // made-up client ids do not multiply the log lines
    for (let i = 0; i < 300; i++) await ask(1, 0, `made-up-${i}`);
    expect(broker.said().slice(before).split('\n').length).toBeLessThan(120);
  });

  test('a request truncated at every byte, with a matching length, is answered or closes the connection', async () => {
    const whole = Buffer.concat(encodeRequest(createTopics, 7, { correlationId: 1, clientId: 'x' }, topicNamed('cut')));
    const cuts = Array.from({ length: whole.length - 5 }, async (_, i) => {
      const bytes = Buffer.from(whole.subarray(0, 5 + i));
      bytes.writeInt32BE(bytes.length - 4);
      const wire = await Wire.open(port);
      wire.send(bytes);
      expect(await wire.frame(), `cut at ${i + 5}`).toBeNull();
    });
    await Promise.all(cuts);
    await stillServes();
  });

  test('a request received byte by byte is answered', async () => {
    const wire = await Wire.open(port);
    for (const byte of Buffer.concat(encodeRequest(apiVersions, 0, { correlationId: 9, clientId: 'x' }, {} as never))) {
      wire.send(Buffer.from([byte]));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(new Reader((await wire.frame()) as Buffer).int32()).toBe(9);
    wire.close();
  });

  test('array counts beyond the end of the frame allocate no memory', async () => {
    const before = memory();
    for (let i = 0; i < 200; i++) {
      const wire = await Wire.open(port);
      // Metadata v0: an array of 2^31-1 topics in a frame of 14 bytes
      const body = Buffer.concat([Buffer.from('0003000000000001ffff', 'hex'), int32(0x7fffffff)]);
      wire.send(Buffer.concat([int32(body.length), body]));
      expect(await wire.frame()).toBeNull();
    }
    expect(memory() - before).toBeLessThan(30 << 20);
  });
});

describe('requests with many elements', () => {
  /** Metadata v1 for topics with names of three letters */
  const metadataOf = (topics: number): Buffer => {
    const head = Buffer.concat([Buffer.from('0003000100000001ffff', 'hex'), int32(topics)]);
    const thousand = Array.from({ length: 1000 }, (_, i) => `\0\x03${`${i}`.padStart(3, 'x')}`).join('');
    const names = Buffer.alloc(topics * 5, thousand, 'latin1');
    return Buffer.concat([int32(head.length + names.length), head, names]);
  };

  test.skipIf(process.platform !== 'linux')('close the connection before they cost minutes and gigabytes', async () => {
    const frame = metadataOf(12_000_000);
    const before = memory();
    const wire = await Wire.open(port);
    const since = performance.now();
    wire.send(frame);
    expect(await wire.frame(30_000)).toBeNull();
    expect(performance.now() - since).toBeLessThan(10_000);
    expect(memory() - before).toBeLessThan(200 << 20);
    await stillServes();
  });

  test('are answered if the number of elements is one that a broker can have partitions', async () => {
    const wire = await Wire.open(port);
    wire.send(metadataOf(200_000));
    expect((await wire.frame(30_000))?.length).toBeGreaterThan(1000);
    wire.close();
  });
});

describe('topic names', () => {
  const names = ['', '.', '..', 'a/b', '../../etc/passwd', 'a\0b', 'x'.repeat(250), 'ü', 'a b', '\\', 'a:b'];
  test("that are paths or too long are rejected with Kafka's messages", async () => {
    const wire = await Wire.open(port);
    for (const name of names) {
      const { topics } = await wire.ask(createTopics, 7, topicNamed(name));
      expect(topics[0]).toMatchObject({
        errorCode: 17,
        errorMessage: expect.stringMatching(/^Topic name is invalid: /),
      });
    }
    wire.close();
  });

  test('that collide are rejected', async () => {
    const wire = await Wire.open(port);
    await wire.ask(createTopics, 7, topicNamed('col.lide'));
    const { topics } = await wire.ask(createTopics, 7, topicNamed('col_lide'));
    expect(topics[0].errorMessage).toBe("Topic 'col_lide' collides with existing topic: col.lide");
    wire.close();
  });
});

describe('one connection', () => {
  beforeEach(async () => {
    const wire = await Wire.open(port);
    await wire.ask(createTopics, 7, topicNamed('pipe'));
    wire.close();
  });

  test('gets responses in request order, even with a long poll among them; other connections are not blocked', async () => {
    const wire = await Wire.open(port);
    const end =
      Number(
        (await wire.ask(produce, 9, produceTo('pipe', buildBatch({ records: [{ value: 'a' }] })))).responses[0]
          .partitionResponses[0].baseOffset,
      ) + 1;
    const send = (api: any, version: number, correlationId: number, body: unknown): void =>
      wire.send(encodeRequest(api, version, { correlationId, clientId: 'x' }, body as never));
    send(fetch, 11, 1, fetchFrom('pipe', BigInt(end), 600));
    send(metadata, 9, 2, ALL_TOPICS);
    for (let i = 3; i <= 20; i++) send(produce, 9, i, produceTo('pipe', buildBatch({ records: [{ value: `v${i}` }] })));
    send(metadata, 9, 21, ALL_TOPICS);
    await stillServes();
    expect(wire.frames).toEqual([]);
    const order: number[] = [];
    for (let i = 1; i <= 21; i++) order.push(new Reader((await wire.frame()) as Buffer).int32());
    expect(order).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
    wire.close();
  });

  test('that half-closes still gets its response', async () => {
    const wire = await Wire.open(port);
    wire.socket.end(
      Buffer.concat(encodeRequest(metadata, 9, { correlationId: 5, clientId: 'x' }, ALL_TOPICS as never)),
    );
    expect(new Reader((await wire.frame()) as Buffer).int32()).toBe(5);
    expect(await wire.frame()).toBeNull();
  });

  test('is closed after an error with acks=0', async () => {
    const wire = await Wire.open(port);
    wire.send(encodeRequest(produce, 9, { correlationId: 5, clientId: 'x' }, produceTo('pipe', null, 0) as never));
    expect(await wire.frame()).toBeNull();
  });
});

describe('many', () => {
  test('a client that never reads costs a bounded amount of memory', async () => {
    const wire = await Wire.open(port);
    await wire.ask(createTopics, 7, topicNamed('big'));
    const batch = buildBatch({ records: [{ value: Buffer.alloc(900_000, 1) }] });
    for (let i = 0; i < 8; i++) await wire.ask(produce, 9, produceTo('big', Buffer.from(batch)));
    const before = memory();
    const lazy = await Promise.all(Array.from({ length: 10 }, () => Wire.open(port)));
    for (const one of lazy) {
      one.socket.pause();
      for (let i = 0; i < 50; i++) {
        one.send(encodeRequest(fetch, 11, { correlationId: i, clientId: 'x' }, fetchFrom('big', 0n, 0) as never));
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 800));
    await stillServes();
    // 10 clients request 7 MB 500 times each
    expect(memory() - before).toBeLessThan(200 << 20);
    for (const one of lazy) one.close();
    wire.close();
  });

  test('1,000 connections are served', async () => {
    const wires: Wire[] = [];
    for (let i = 0; i < 10; i++) wires.push(...(await Promise.all(Array.from({ length: 100 }, () => Wire.open(port)))));
    const answers = await Promise.all(wires.map((wire) => wire.ask(apiVersions, 0, {}, 20_000)));
    expect(answers.filter((a) => a?.errorCode === 0)).toHaveLength(1000);
    for (const wire of wires) wire.close();
    await stillServes();
  });

  test('200 clients that trickle single bytes do not slow down the others', async () => {
    const slow = await Promise.all(Array.from({ length: 200 }, () => Wire.open(port)));
    let next = 0;
    const bytes = Buffer.from([0, 0, 0, 200, 0, 18, 0, 0]);
    const drip = setInterval(() => {
      for (const one of slow) one.socket.write(bytes.subarray(next, next + 1));
      next++;
    }, 200);
    const wire = await Wire.open(port);
    const started = performance.now();
    for (let i = 0; i < 200; i++) expect(await wire.ask(metadata, 9, ALL_TOPICS, 5000)).toBeDefined();
    expect(performance.now() - started).toBeLessThan(4000);
    clearInterval(drip);
    for (const one of [...slow, wire]) one.close();
  });

  // only on Linux the open files of a process can be counted
  test.runIf(process.platform === 'linux')(
    'clients that come and go, half-close or reset leave no file open',
    async () => {
      const files = () => readdirSync(`/proc/${broker.pid}/fd`).length;
      const settled = (count: number) => expect.poll(files, { timeout: 5000 }).toBeLessThanOrEqual(count);
      await expect.poll(files, { timeout: 5000 }).toBeLessThan(100);
      const before = files();
      for (let round = 0; round < 10; round++) {
        const wires = await Promise.all(Array.from({ length: 50 }, () => Wire.open(port)));
        await Promise.all(wires.map((wire, i) => (i % 2 ? wire.ask(apiVersions, 0, {}, 5000) : undefined)));
        for (const [i, { socket }] of wires.entries()) {
          if (i % 3 === 0) socket.end();
          else if (i % 3 === 1) socket.resetAndDestroy();
          else socket.destroy();
        }
      }
      await settled(before);
      await stillServes();
    },
  );
});
