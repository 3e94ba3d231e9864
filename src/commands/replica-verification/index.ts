/** kafka-replica-verification.sh: checks that all replicas of topics have the same data. Mirrors tools/ReplicaVerificationTool. */
import { CommandError, errorLine } from '../../cli/errors.js';
import { flag, flagTable, type Options } from '../../cli/flags.js';
import { type Command, type Io, write } from '../../cli/io.js';
import { listOffsets } from '../../client/admin/list-offsets.js';
import type { Cluster, TopicInfo } from '../../client/cluster/types.js';
import { dateFormat } from '../../java/date-format.js';
import { javaRegex } from '../../java/regex.js';
import { partitionName } from '../../kafka/topic-partition.js';
import { KafkaError } from '../../protocol/errors.js';
import { openAdmin } from '../shared/connection.js';
import { checkHostPorts } from '../shared/host-ports.js';
import { includeSource } from '../shared/include-list.js';
import { logEvent } from '../shared/log-event.js';
import { partitionOrder } from '../shared/partition-order.js';
import { type Replicated, Verifier } from './verify.js';

export const flags = flagTable({
  intro: 'Validate that all replicas for a set of topics have the same data.',
  onParseError: 'message',
  flags: {
    'broker-list': flag.string('hostname:port,...,hostname:port', 'REQUIRED: host:port of one or more brokers.'),
    'fetch-size': flag.int('bytes', 'Bytes to fetch per partition and request.', { default: 1048576 }),
    'max-wait-ms': flag.int('ms', 'How long a fetch waits for records, ms.', { default: 1000 }),
    'topics-include': flag.string('Java regex (String)', 'Regular expression for the topics to verify.', {
      default: '.*',
    }),
    time: flag.long(
      'timestamp/-1(latest)/-2(earliest)',
      'The offset to start from: the first at or after a timestamp (ms), the latest or the earliest.',
      { default: -1n },
    ),
    'report-interval-ms': flag.long('ms', 'Interval between reports, ms.', { default: 30_000n }),
  },
});
type VerifyOptions = Options<(typeof flags)['flags']>;

const LOGGER = 'org.apache.kafka.tools.ReplicaVerificationTool';
const DEPRECATED = 'This tool is deprecated and may be removed in a future major release.';
const date = dateFormat('yyyy-MM-dd HH:mm:ss,SSS');

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    const options = flags.parse(argv);
    io.stderr.write(logEvent('WARN', DEPRECATED, LOGGER));
    options.required('broker-list');
    checkHostPorts(options.value('broker-list') as string, (message) => options.usage(message));
    const cluster = openAdmin(io, options.value('broker-list') as string, new Map());
    try {
      return await verify(cluster, options, io);
    } catch (error) {
      throw error instanceof CommandError ? error : new CommandError(errorLine(error));
    } finally {
      await cluster.close();
    }
  },
};

/** Runs until interrupted, or until the offsets of replicas differ. */
async function verify(cluster: Cluster, options: VerifyOptions, io: Io): Promise<number> {
  const places = await replicated(cluster, options);
  const report = Number(options.value('report-interval-ms'));
  const fetching = { maxWaitMs: options.value('max-wait-ms'), maxBytes: options.value('fetch-size') };
  const verifier = new Verifier(cluster, places, fetching, (text) => `${date(Date.now())}: ${text}`);
  if (!(await write(io.stdout, `${date(Date.now())}: verification process is started\n`))) return 0;
  for (let reported = Date.now(); ; ) {
    const differences = await verifier.round();
    for (const line of differences) await write(io.stdout, `${line}\n`);
    if (verifier.diverged) return 1;
    if (Date.now() - reported <= report) continue;
    reported = Date.now();
    const { lag, name, offset } = verifier.furthest;
    const text = `max lag is ${lag} for partition ${name} at offset ${offset} among ${places.length} partitions`;
    if (!(await write(io.stdout, `${date(reported)}: ${text}\n`))) return 0;
  }
}

async function replicated(cluster: Cluster, options: VerifyOptions): Promise<Replicated[]> {
  const include = wanted(options.value('topics-include'));
  const { topics } = await cluster.metadata(null, { call: 'listTopics' });
  const chosen = topics.filter(({ name, isInternal }) => include(name) && !isInternal);
  if (chosen.length === 0) {
    const why =
      'No topics found. [topics-include] if specified, is either filtering out all topics or there is no topic.';
    throw new CommandError('', { stderr: logEvent('ERROR', why, LOGGER) });
  }
  const places = partitionOrder(chosen.flatMap(partitionsOf));
  const starts = await listOffsets(cluster, places, options.value('time'));
  return places.map((place) => {
    const start = starts.get(partitionName(place));
    if (start instanceof KafkaError) throw start;
    return { ...place, offset: Number(start?.offset ?? 0n) };
  });
}

const partitionsOf = ({ name, partitions }: TopicInfo) =>
  partitions.map(({ partition, replicas }) => ({ topic: name, partition, replicas }));

function wanted(include: string): (name: string) => boolean {
  try {
    javaRegex(include);
  } catch {
    throw new Error(`${include} is an invalid regex`);
  }
  const regex = javaRegex(includeSource(include), { whole: true });
  return (name) => regex.test(name);
}
