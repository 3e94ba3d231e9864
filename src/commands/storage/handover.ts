/** `storage handover DIR` (not in Kafka): checks the directory and writes a server.properties for Apache Kafka to continue with. */
import { join, resolve } from 'node:path';
import { checkHandover, type HandoverCheck } from '../../broker/directory/handover.js';
import type { Arguments } from '../../cli/argparse/index.js';
import { CommandError } from '../../cli/errors.js';
import { replaceFile } from '../../cli/own-files.js';
import { readProperties } from '../shared/server-config.js';
import type { Outcome } from './outcome.js';

export async function handover(args: Arguments): Promise<Outcome> {
  const dir = resolve(args.text('DIR') as string);
  const check = await checked(dir);
  if (check.problems.length > 0) {
    const words = `${dir} cannot be handed over as it is:\n${check.problems.map((line) => `  ${line}\n`).join('')}`;
    throw new CommandError('handover failed', { stderr: words });
  }
  const file = resolve(args.text('output') ?? join(dir, 'server.properties'));
  const config = args.text('config');
  const own = config === undefined ? new Map<string, string>() : readProperties(config);
  // settings can include passwords
  replaceFile(file, propertiesText(settings(dir, check, own)), 0o600);
  const plural = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  return {
    lines: [
      `${dir} is whole: cluster ${check.clusterId}, metadata.version ${check.metadataVersion}, ` +
        `${plural(check.topics, 'topic')}, ${plural(check.partitions, 'partition')}, ${plural(check.records, 'record')}.`,
      `Wrote ${file}. Apache Kafka 4.4.0 goes on with:`,
      `  kafka-server-start.sh ${file}`,
    ],
  };
}

async function checked(dir: string): Promise<HandoverCheck> {
  try {
    return await checkHandover(dir);
  } catch (error) {
    const { name, message } = error as Error;
    throw new CommandError(
      name === 'DirectoryInUse' ? `${message}: stop it first (ts-kafka server-stop ${dir})` : message,
    );
  }
}

/** Settings that are not copied: those we write ourselves, and those that only apply to ts-kafka's process. */
const OURS =
  /^(log\.dirs?|metadata\.log\.dir|node\.id|broker\.id|process\.roles|controller\.|advertised\.listeners$|listeners$|listener\.security\.protocol\.map$)/;

function settings(dir: string, check: HandoverCheck, own: ReadonlyMap<string, string>): Map<string, string> {
  const controllers = (own.get('controller.listener.names') ?? 'CONTROLLER').split(',').map((name) => name.trim());
  const listeners = (own.get('listeners') ?? 'PLAINTEXT://localhost:9092').split(',').map((entry) => entry.trim());
  const isController = (entry: string) =>
    controllers.some((name) => entry.toUpperCase().startsWith(`${name.toUpperCase()}://`));
  if (!listeners.some(isController)) listeners.push(`${controllers[0]}://localhost:9093`);
  const port = /:(\d+)$/.exec(listeners.find(isController) as string)?.[1];
  const settings = new Map([
    ['process.roles', 'broker,controller'],
    ['node.id', String(check.nodeId)],
    ['log.dirs', dir],
    ['listeners', listeners.join(',')],
    ['controller.listener.names', controllers.join(',')],
    ['controller.quorum.voters', `${check.nodeId}@localhost:${port}`],
    // ts-kafka's own defaults
    ['offsets.topic.replication.factor', '1'],
    ['transaction.state.log.replication.factor', '1'],
    ['transaction.state.log.min.isr', '1'],
    ['share.coordinator.state.topic.replication.factor', '1'],
    ['share.coordinator.state.topic.min.isr', '1'],
    ['group.initial.rebalance.delay.ms', '0'],
  ]);
  for (const name of ['advertised.listeners', 'listener.security.protocol.map']) {
    const value = own.get(name);
    if (value !== undefined) settings.set(name, value);
  }
  for (const [name, value] of own) if (!OURS.test(name)) settings.set(name, value);
  return settings;
}

/** Escaped for java.util.Properties: a literal backslash is doubled. */
const propertiesText = (properties: ReadonlyMap<string, string>): string =>
  [...properties]
    .map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`)
    .join('');
