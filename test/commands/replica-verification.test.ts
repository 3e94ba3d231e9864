/** Comparison of replicas, with fake brokers that return the records given by each test. */
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../src/client/cluster/types.js';
import { type Replicated, Verifier } from '../../src/commands/replica-verification/verify.js';
import { buildBatch } from '../../src/protocol/records/builder.js';
import { assignOffset, storedCrc } from '../../src/protocol/records/layout.js';

/** A batch of one record at an offset. */
function batch(value: string, offset: number): Buffer {
  const bytes = Buffer.from(buildBatch({ timestamp: 1, records: [{ value }] }));
  assignOffset(bytes, 0, offset, 0);
  return bytes;
}

function verifier(replicas: Record<number, { records: Buffer[]; highWatermark?: number }>) {
  const asked: bigint[] = [];
  const send = async (
    _api: unknown,
    body: { topics: { partitions: { fetchOffset: bigint }[] }[] },
    options: object,
  ) => {
    const { node } = (options as { to: { node: number } }).to;
    asked.push(body.topics[0]?.partitions[0]?.fetchOffset as bigint);
    const { records, highWatermark = records.length } = replicas[node] as (typeof replicas)[number];
    const held = { partitionIndex: 0, records: Buffer.concat(records), highWatermark: BigInt(highWatermark) };
    return { responses: [{ topic: 't', partitions: [held] }] };
  };
  const place: Replicated = { topic: 't', partition: 0, replicas: Object.keys(replicas).map(Number), offset: 0 };
  const limits = { maxWaitMs: 1, maxBytes: 1000 };
  const verifies = new Verifier({ send } as unknown as Cluster, [place], limits, (text) => `NOW: ${text}`);
  return { verifies, place, asked };
}

describe('replicas', () => {
  test('that are identical advance the offset to the high watermark', async () => {
    const records = [batch('a', 0), batch('b', 1), batch('c', 2)];
    const { verifies, place, asked } = verifier({ 1: { records }, 2: { records, highWatermark: 2 } });
    expect(await verifies.round()).toEqual([]);
    expect(place.offset).toBe(2);
    expect(verifies.furthest).toEqual({ lag: 1, name: 't-0', offset: 2 });
    expect(verifies.diverged).toBe(false);
    expect(asked).toEqual([0n, 0n]);
  });

  test('with different checksums are reported, and the comparison continues', async () => {
    const [same, mine, other] = [batch('a', 0), batch('b', 1), batch('X', 1)];
    const { verifies, place } = verifier({ 1: { records: [same, mine] }, 2: { records: [same, other] } });
    expect(await verifies.round()).toEqual([
      `NOW: partition t-0 has unmatched checksum at offset 1; replica 1's checksum ${storedCrc(mine, 0)}; replica 2's checksum ${storedCrc(other, 0)}`,
    ]);
    expect(place.offset).toBe(2);
    expect(verifies.diverged).toBe(false);
  });

  test('with different offsets end the comparison', async () => {
    const { verifies } = verifier({
      1: { records: [batch('a', 0)] },
      2: { records: [batch('a', 4)], highWatermark: 9 },
    });
    expect(await verifies.round()).toEqual([
      "NOW: partition t-0: replica 1's offset 0 doesn't match replica 2's offset 4",
    ]);
    expect(verifies.diverged).toBe(true);
  });
});
