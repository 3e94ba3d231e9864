/** Sizes of the logs and of their disk. Mirrors ReplicaManager.describeLogDirs. */
import { statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describeLogDirs } from '../../protocol/apis/35-describe-log-dirs.js';
import { Errors } from '../../protocol/errors.js';
import type { Broker } from '../api.js';
import { handler } from '../handler.js';

export default handler({
  api: describeLogDirs,
  async handle(request, _context, broker) {
    const requested =
      request.topics?.map((t) => ({ name: t.topic, partitions: t.partitions })) ??
      [...broker.metadata.topics()].map((t) => ({ name: t.name, partitions: t.partitions.map((p) => p.index) }));
    const topics = [];
    for (const { name, partitions } of requested) {
      const described = await Promise.all(partitions.map((index) => describe(broker, name, index)));
      const found = described.filter((p) => p !== undefined);
      if (found.length > 0) topics.push({ name, partitions: found });
    }
    const space = await statfs(broker.logDir).catch(() => undefined);
    const bytes = (blocks: number | undefined) => BigInt(space ? space.bsize * (blocks ?? 0) : -1);
    const result = {
      errorCode: Errors.NONE,
      logDir: resolve(broker.logDir),
      topics,
      totalBytes: bytes(space?.blocks),
      usableBytes: bytes(space?.bavail),
      isCordoned: false,
    };
    return { throttleTimeMs: 0, errorCode: Errors.NONE, results: [result] };
  },
});

async function describe(broker: Broker, topic: string, partitionIndex: number) {
  const log = await broker.log(topic, partitionIndex);
  if (!log) return undefined;
  return { partitionIndex, partitionSize: BigInt(log.sizeBytes), offsetLag: 0n, isFutureKey: false };
}
