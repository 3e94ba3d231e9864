/** Buffers of frames are reused, but never while they are still referenced. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, startServer } from '../../src/broker/index.js';
import { produce } from '../../src/protocol/apis/00-produce.js';
import { fetch } from '../../src/protocol/apis/01-fetch.js';
import { createTopics } from '../../src/protocol/apis/19-create-topics.js';
import { buildBatch } from '../../src/protocol/records/builder.js';
import { RecordCursor } from '../../src/protocol/records/cursor.js';
import { giveFrame, takeFrame } from '../../src/protocol/wire/frame-pool.js';
import { Wire } from './wire.js';

describe('the pool', () => {
  it('reuses a returned buffer, in the requested size', () => {
    const first = takeFrame(100_000);
    giveFrame(first);
    const second = takeFrame(99_000);
    expect(second.buffer).toBe(first.buffer);
    expect(second.length).toBe(99_000);
    expect(takeFrame(99_000).buffer).not.toBe(first.buffer);
  });

  it('never hands out a buffer twice, or one that it does not own', () => {
    const mine = takeFrame(200_000);
    giveFrame(mine);
    giveFrame(mine);
    const foreign = Buffer.allocUnsafeSlow(mine.buffer.byteLength);
    giveFrame(foreign);
    const taken = [takeFrame(200_000), takeFrame(200_000), takeFrame(200_000)].map((f) => f.buffer);
    expect(taken[0]).toBe(mine.buffer);
    expect(new Set(taken).size).toBe(3);
    expect(taken).not.toContain(foreign.buffer);
  });
});

describe('a broker', () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  const textOf = (n: number): string => `${n} `.repeat(4000 + (n % 7) * 3000);

  it('serves unchanged records to a concurrent reader and to a later one', async () => {
    const wires = await Promise.all([1, 2, 3, 4].map(() => Wire.open(server.port)));
    const [reader, ...writers] = wires as [Wire, Wire, Wire, Wire];
    const topics = [{ name: 't', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }];
    await reader.ask(createTopics, 7, { topics, validateOnly: false });
    let next = 0;
    const write = async (wire: Wire, upTo: number): Promise<void> => {
      while (next < upTo) {
        const n = next++;
        const records = buildBatch({ records: [{ value: textOf(n) }] });
        const topicData = [{ name: 't', partitionData: [{ index: 0, records }] }];
        const answer: any = await wire.ask(produce, 9, { acks: -1, timeoutMs: 1000, topicData });
        expect(answer.responses[0].partitionResponses[0].errorCode).toBe(0);
      }
    };
    const readAll = async (upTo: number): Promise<string[]> => {
      const values: string[] = [];
      while (values.length < upTo) {
        const partitions = [{ partition: 0, fetchOffset: BigInt(values.length), partitionMaxBytes: 300_000 }];
        const asked = { maxWaitMs: 50, minBytes: 1, topics: [{ topic: 't', partitions }] };
        const answer: any = await reader.ask(fetch, 12, asked);
        const cursor = new RecordCursor();
        const { records } = answer.responses[0].partitions[0];
        for (let at = 0; at < records.length; at += records.readInt32BE(at + 8) + 12) {
          cursor.open(records, at);
          while (cursor.next()) if (cursor.offset >= values.length) values.push(String(cursor.value()));
        }
      }
      return values;
    };
    const wanted = (count: number): string[] => Array.from({ length: count }, (_, n) => textOf(n));
    const sorted = (values: string[]): string[] =>
      values.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
    await Promise.all(writers.map((wire) => write(wire, 100)));
    expect(sorted(await readAll(100))).toEqual(wanted(100));
    const [along] = await Promise.all([readAll(300), ...writers.map((wire) => write(wire, 300))]);
    expect(sorted(along)).toEqual(wanted(300));
    expect(sorted(await readAll(300))).toEqual(wanted(300));
    for (const wire of wires) wire.close();
  });
});
