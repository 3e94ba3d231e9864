/** What a Produce response guarantees: with acks=all data synced to disk, with acks=1 data written to the operating system. */
import { describe, expect, test } from 'vitest';
import type { Broker } from '../../src/broker/api.js';
import { DeferredResponse } from '../../src/broker/handler.js';
import produce from '../../src/broker/handlers/00-produce.js';
import type { RequestContext } from '../../src/broker/request-context.js';
import { Errors } from '../../src/protocol/errors.js';
import { ZERO_UUID } from '../../src/protocol/wire/schema.js';
import { batchOf, newFs, open, readAllFrom } from '../log/support.js';

async function ask(acks: number, sync?: (real: () => Promise<void>) => Promise<void>) {
  const io = newFs();
  const { log } = await open(io);
  const real = io.sync.bind(io);
  if (sync) io.sync = (fd) => sync(() => real(fd));
  const topic = { name: 't', partitions: [{ leaderEpoch: 0 }] };
  const broker = { metadata: { topic: () => topic }, openLog: () => log } as unknown as Broker;
  const context = { apiVersion: 9, clientId: 'x', release: () => {} } as unknown as RequestContext;
  const partitionData = [{ index: 0, records: batchOf(['v']) }];
  const body = {
    acks,
    timeoutMs: 1000,
    transactionalId: null,
    topicData: [{ name: 't', topicId: ZERO_UUID, partitionData }],
  };
  const answered = await produce.handle(body as never, context, broker);
  const after = async () => (await readAllFrom((await open(io.crash(0))).log)).map((r) => r.value);
  return { answered, after };
}
const codeIn = (answer: any): number => answer.responses[0].partitionResponses[0].errorCode;

describe('a Produce response', () => {
  test('acks=all: is sent after fdatasync, not before; acknowledged records survive a power loss', async () => {
    let go = (): void => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const { answered, after } = await ask(-1, (real) => gate.then(real));
    expect(answered).toBeInstanceOf(DeferredResponse);
    let there = false;
    const answer = (answered as DeferredResponse<unknown>).answer.finally(() => {
      there = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(there).toBe(false);
    go();
    expect(codeIn(await answer)).toBe(Errors.NONE);
    expect(await after()).toEqual(['v']);
  });

  test('acks=all: a failed sync is KAFKA_STORAGE_ERROR', async () => {
    const { answered } = await ask(-1, () => Promise.reject(new Error('EIO: injected')));
    expect(codeIn(await (answered as DeferredResponse<unknown>).answer)).toBe(Errors.KAFKA_STORAGE_ERROR);
  });

  test('acks=1 does not wait for a sync', async () => {
    const { answered } = await ask(1, () => new Promise(() => {}));
    expect(answered).not.toBeInstanceOf(DeferredResponse);
    expect(codeIn(answered)).toBe(Errors.NONE);
  });
});
