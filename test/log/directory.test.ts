import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogDirectory } from '../../src/log/directory.js';
import { type LogFs, nodeFs } from '../../src/log/fs.js';
import { batchOf, client, config, readAllFrom, TOPIC_ID } from './support.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ts-kafka-log-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const warnings: string[] = [];
const open = (io?: LogFs, cacheBytes?: number) =>
  LogDirectory.open(dir, { io, cacheBytes, warn: (line) => warnings.push(line) });

describe('a log directory', () => {
  it('creates a partition’s files with its first append, and reopens them', async () => {
    const directory = await open();
    const log = await directory.openPartition('a.b-c', 3, TOPIC_ID, config());
    expect(readdirSync(dir)).toEqual([]);
    log.append(batchOf(['one', 'two']), client);
    expect(readFileSync(join(dir, 'a.b-c-3/partition.metadata'), 'utf8')).toBe(`version: 0\ntopic_id: ${TOPIC_ID}`);
    await directory.close();
    const again = await open();
    expect(again.list()).toEqual(['a.b-c-3']);
    const found = await again.openPartition('a.b-c', 3, TOPIC_ID, config());
    expect((await readAllFrom(found)).map((r) => r.value)).toEqual(['one', 'two']);
    await again.close();
  });

  it('stores the log start offset set by DeleteRecords in Kafka’s checkpoint', async () => {
    const directory = await open();
    const log = await directory.openPartition('t', 0, TOPIC_ID, config());
    for (let i = 0; i < 5; i++) log.append(batchOf([`v${i}`]), client);
    await log.deleteRecordsBefore(3);
    expect(readFileSync(join(dir, 'log-start-offset-checkpoint'), 'utf8')).toBe('0\n1\nt 0 3\n');
    await directory.close();
    const again = await open();
    const found = await again.openPartition('t', 0, TOPIC_ID, config());
    expect([found.logStartOffset, found.logEndOffset]).toEqual([3, 5]);
    await again.delete('t', 0);
    expect(readFileSync(join(dir, 'log-start-offset-checkpoint'), 'utf8')).toBe('0\n0\n');
    expect(existsSync(join(dir, 't-0'))).toBe(false);
    expect((await again.openPartition('t', 0, 'AAAAAAAAAAAAAAAAAAAAFw', config())).logEndOffset).toBe(0);
    await again.close();
  });

  it('removes files of Kafka that our writes would invalidate, and the remains of an interrupted deletion', async () => {
    const gone = ['.kafka_cleanshutdown', 'recovery-point-offset-checkpoint', 'replication-offset-checkpoint'];
    for (const name of gone) writeFileSync(join(dir, name), '0\n0\n');
    const doomed = join(dir, `t-0.${'0a'.repeat(16)}-delete`);
    mkdirSync(doomed);
    writeFileSync(join(doomed, '00000000000000000000.log'), 'x');
    writeFileSync(join(dir, 'meta.properties'), '');
    await (await open()).close();
    expect(readdirSync(dir)).toEqual(['meta.properties']);
  });

  it('refuses to open a partition that belongs to another topic id', async () => {
    const directory = await open();
    (await directory.openPartition('t', 0, TOPIC_ID, config())).append(batchOf(['x']), client);
    await directory.close();
    const again = await open();
    await expect(again.openPartition('t', 0, 'AAAAAAAAAAAAAAAAAAAAFw', config())).rejects.toThrow(
      `belongs to topic id ${TOPIC_ID}`,
    );
    expect((await again.openPartition('t', 0, TOPIC_ID, config())).logEndOffset).toBe(1);
    await again.close();
  });

  it('caches large appended batches only if the partition has a reader', async () => {
    const directory = await open();
    const log = await directory.openPartition('t', 0, TOPIC_ID, config());
    const large = (): Buffer => batchOf(['v'.padEnd(20_000)]);
    expect(log.append(large(), client).kept).toBe(false);
    expect((await readAllFrom(log)).length).toBe(1);
    expect(log.append(large(), client).kept).toBe(true);
    // a small batch is copied
    expect(log.append(batchOf(['w']), client).kept).toBe(false);
    expect((await readAllFrom(log)).map((r) => r.value?.trim())).toEqual(['v', 'v', 'w']);
    await directory.close();
  });

  it('serves recent records from memory, and older ones to many readers with one read', async () => {
    let reads = 0;
    const io: LogFs = {
      ...nodeFs,
      read: (...args) => {
        reads++;
        return nodeFs.read(...args);
      },
    };
    const first = await open(io);
    const log = await first.openPartition('t', 0, TOPIC_ID, config());
    // a consumer reads at the end of the log
    await log.read(0, 1, { minOne: true, upTo: 0, aborted: false });
    for (let i = 0; i < 200; i++) log.append(batchOf([`v${i}`.padEnd(1000)]), client);
    expect((await readAllFrom(log)).length).toBe(200);
    expect(reads).toBe(0);
    await first.close();
    const again = await open(io);
    const cold = await again.openPartition('t', 0, TOPIC_ID, config());
    reads = 0;
    const all = await Promise.all(Array.from({ length: 20 }, () => readAllFrom(cold, 0, 50_000)));
    for (const got of all) expect(got.length).toBe(200);
    expect(reads).toBeLessThan(8);
    await again.close();
  });
});
