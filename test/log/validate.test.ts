import { describe, expect, it } from 'vitest';
import { type ErrorName, Errors } from '../../src/protocol/errors.js';
import { controlBatch, sealBatch } from '../../src/protocol/records/builder.js';
import { isWholeBatch } from '../../src/protocol/records/layout.js';
import { batchOf, client, NOW, newFs, open, readAllFrom } from './support.js';

const bent = (change: (b: Buffer) => void, seal = true): Buffer => {
  const batch = batchOf(['a', 'b']);
  change(batch);
  if (seal) sealBatch(batch, 0, batch.length);
  return batch;
};

describe('invalid batches from clients are rejected', () => {
  const cases: [string, Buffer, ErrorName, string | RegExp, object?][] = [
    ['nothing', Buffer.alloc(0), 'INVALID_RECORD', 'Record batch has no batches at all'],
    ['an old format', bent((b) => void (b[16] = 1), false), 'INVALID_RECORD', 'magic version 1'],
    [
      'a wrong CRC',
      bent((b) => void (b[70]! ^= 1), false),
      'CORRUPT_MESSAGE',
      /Record is corrupt \(stored crc = \d+\) in topic partition t-0\./,
    ],
    ['a size that lies', bent((b) => b.writeInt32BE(10_000, 8), false), 'CORRUPT_MESSAGE', 'Record batch of'],
    [
      'two batches',
      Buffer.concat([batchOf(['a']), batchOf(['b'])]),
      'INVALID_RECORD',
      'Compressed outer record has more than one batch',
    ],
    [
      'a base offset',
      bent((b) => b.writeInt32BE(5, 4)),
      'INVALID_RECORD',
      'The baseOffset of the record batch in the append to t-0 should be 0, but it is 5',
    ],
    [
      'a count that lies',
      bent((b) => b.writeInt32BE(3, 57)),
      'INVALID_RECORD',
      'Inconsistent batch offset range [0, 1] and count of records 3 in topic partition t-0',
    ],
    [
      'no records',
      bent((b) => b.writeInt32BE(0, 57)),
      'INVALID_RECORD',
      'Invalid reported count for record batch: 0 in topic partition t-0',
    ],
    [
      'offsets backwards',
      bent((b) => b.writeInt32BE(-2, 23)),
      'INVALID_RECORD',
      'Batch has an invalid offset range: [0, -2]',
    ],
    [
      'records that do not fill it',
      bent((b) => void (b[61] = 12)),
      'INVALID_RECORD',
      'records do not end where the batch does',
    ],
    [
      'a marker',
      controlBatch({ type: 'commit', producerId: 1, producerEpoch: 0, coordinatorEpoch: 0 }),
      'INVALID_RECORD',
      'Clients are not allowed to write control records in topic partition t-0',
    ],
    [
      'a producer without sequence',
      batchOf(['a'], { producerId: 3, producerEpoch: 0 }),
      'INVALID_RECORD',
      'Invalid sequence number -1 in record batch with producerId 3 in topic partition t-0',
    ],
    [
      'too large',
      batchOf(['x'.repeat(1000)]),
      'MESSAGE_TOO_LARGE',
      'The record batch size in the append to t-0 is 1071 bytes which exceeds the maximum configured value of 500).',
      { maxMessageBytes: 500 },
    ],
    [
      'larger than a segment',
      batchOf(['x'.repeat(1000)]),
      'RECORD_LIST_TOO_LARGE',
      'Message batch size is 1071 bytes in append to partition t-0, which exceeds the maximum configured segment size of 1000.',
      { segmentBytes: 1000 },
    ],
    [
      'no key where it is compacted',
      batchOf([], { records: [{ key: 'k' }, { value: 'v' }] }),
      'INVALID_RECORD',
      "One or more records have been rejected due to 1 record errors in total, and only showing the first three errors at most: [RecordError(batchIndex=1, message='Compacted topic cannot accept message without key in topic partition t-0')]",
      { cleanupPolicy: ['compact'] },
    ],
    [
      'no key where it is compacted, compressed',
      batchOf([], { codec: 4, records: [{ value: 'v' }] }),
      'INVALID_RECORD',
      'Compacted topic cannot accept',
      { cleanupPolicy: ['compact'] },
    ],
    [
      'from the future',
      batchOf(['a'], { timestamp: NOW + 3_600_001 }),
      'INVALID_TIMESTAMP',
      'One or more records have been rejected due to invalid timestamp',
    ],
    [
      'from the past',
      batchOf(['a'], { timestamp: NOW - 1001 }),
      'INVALID_TIMESTAMP',
      'One or more records have been rejected due to invalid timestamp',
      { messageTimestampBeforeMaxMs: 1000 },
    ],
  ];
  it.each(cases)('%s', async (_name, batch, error, message, over = {}) => {
    const { log } = await open(newFs(), over);
    let thrown: unknown;
    try {
      log.append(batch, client);
    } catch (e) {
      thrown = e;
    }
    expect(thrown).toMatchObject({ code: Errors[error] });
    if (typeof message === 'string') expect((thrown as Error).message).toContain(message);
    else expect((thrown as Error).message).toMatch(message);
    expect(log.logEndOffset).toBe(0);
  });

  it('the error lists the invalid records', async () => {
    const { log } = await open(newFs());
    const batch = batchOf([], { records: [{ timestamp: NOW }, { timestamp: NOW + 4_000_000 }] });
    expect(() => log.append(batch, client)).toThrow(
      expect.objectContaining({
        recordErrors: [
          {
            batchIndex: 1,
            message:
              `Timestamp ${NOW + 4_000_000} of message with offset 1 is out of range. The timestamp should be within [-Infinity, ${NOW + 3_600_000}]`.replace(
                '-Infinity',
                `${NOW - Number.MAX_VALUE}`,
              ),
          },
        ],
      }),
    );
  });
});

describe('the stored batch', () => {
  it('equals the batch sent, except for offset and leader epoch', async () => {
    const { log } = await open(newFs());
    const sent = batchOf(['a', 'b'], { codec: 2 });
    log.append(batchOf(['x']), client);
    log.append(Buffer.from(sent), { leaderEpoch: 9, origin: 'client' });
    const { records } = await log.read(1, 10_000, { minOne: true, upTo: 3, aborted: false });
    expect(records.subarray(16)).toEqual(sent.subarray(16));
    expect(records.readInt32BE(4)).toBe(1);
    expect(records.readInt32BE(12)).toBe(9);
  });

  it('has the time of the append with LogAppendTime', async () => {
    const { log } = await open(newFs(), { messageTimestampType: 'LogAppendTime' });
    const result = log.append(batchOf(['a'], { timestamp: 5 }), client);
    expect(result.logAppendTime).toBe(NOW);
    const { records } = await log.read(0, 10_000, { minOne: true, upTo: 1, aborted: false });
    expect(isWholeBatch(records, 0)).toBe(true);
    expect((await readAllFrom(log))[0]!.timestamp).toBe(NOW);
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd', 'uncompressed'])(
    'is compressed with the topic’s compression.type: %s',
    async (name) => {
      const { log } = await open(newFs(), { compressionType: name });
      for (const codec of [0, 1, 2, 3, 4]) log.append(batchOf(['a'.repeat(300), 'b'], { codec }), client);
      const { records } = await log.read(0, 1e6, { minOne: true, upTo: 10, aborted: false });
      for (let at = 0; at < records.length; at += records.readInt32BE(at + 8) + 12) {
        expect(isWholeBatch(records, at)).toBe(true);
        expect(records.readInt16BE(at + 21) & 7).toBe(['uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'].indexOf(name));
      }
      expect((await readAllFrom(log)).map((r) => r.value?.length)).toEqual([300, 1, 300, 1, 300, 1, 300, 1, 300, 1]);
    },
  );
});
