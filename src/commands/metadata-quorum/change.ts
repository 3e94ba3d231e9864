/** `metadata-quorum add-controller` and `remove-controller` (KIP-853). */
import { readMetaProperties } from '../../broker/directory/meta-properties.js';
import type { Arguments } from '../../cli/argparse/index.js';
import { CommandError, errorLine } from '../../cli/errors.js';
import { unregisterController } from '../../client/admin/cluster.js';
import { addRaftVoter, removeRaftVoter, type Voter } from '../../client/admin/quorum.js';
import type { Cluster } from '../../client/cluster/types.js';
import type { Properties } from '../../java/properties.js';
import { parseUuid } from '../../kafka/uuid.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { controllerEndpoints, endpointText } from './endpoints.js';

/** `properties`: the new controller's server.properties. Resolves to the line to print. */
export async function addController(cluster: Cluster, properties: Properties, dryRun: boolean): Promise<string> {
  const id = controllerId(properties);
  const directoryId = directoryIdOf(metadataDirectory(properties));
  const endpoints = controllerEndpoints(properties);
  if (!dryRun) await addRaftVoter(cluster, { id, directoryId }, endpoints);
  const done = dryRun ? 'DRY RUN of adding' : 'Added';
  return `${done} controller ${id} with directory id ${directoryId} and endpoints: ${endpoints.map(endpointText).join(', ')}`;
}

const QUESTION = 'configuration file. Is this a valid controller configuration file?';

function controllerId(properties: Properties): number {
  const text = properties.get('node.id');
  if (text === undefined) throw new CommandError(`node.id not found in ${QUESTION}`);
  if (!/^[+-]?\d+$/.test(text)) throw new CommandError(`For input string: "${text}"`);
  if (Number(text) < 0) throw new CommandError(`node.id was negative in ${QUESTION}`);
  if (!properties.get('process.roles')?.includes('controller')) {
    throw new CommandError(`process.roles did not contain 'controller' in ${QUESTION}`);
  }
  return Number(text);
}

function metadataDirectory(properties: Properties): string {
  const dir = properties.get('metadata.log.dir') ?? properties.get('log.dirs')?.trim().split(',')[0];
  if (dir !== undefined) return dir;
  throw new CommandError(
    'Neither metadata.log.dir nor log.dirs were found. Is this a valid controller configuration file?',
  );
}

function directoryIdOf(dir: string): string {
  let directoryId: string | undefined;
  try {
    const meta = readMetaProperties(dir);
    if (meta === undefined) throw new Error('absent');
    directoryId = meta.directoryId;
  } catch {
    throw new CommandError(`Unable to read meta.properties from ${dir}`);
  }
  if (directoryId === undefined) throw new CommandError(`No directory id found in ${dir}`);
  return directoryId;
}

/** Resolves to the lines to print. */
export async function removeController(cluster: Cluster, args: Arguments): Promise<string[]> {
  const id = args.number('controller-id') as number;
  if (id < 0) throw new CommandError(`Invalid negative --controller-id: ${id}`);
  let directoryId: string;
  try {
    directoryId = parseUuid(args.text('controller-directory-id') as string);
  } catch (error) {
    throw new CommandError(`Failed to parse --controller-directory-id: ${errorLine(error)}`);
  }
  const [dryRun, unregister] = [args.has('dry-run'), args.has('unregister')];
  if (!dryRun) await removeVoter(cluster, { id, directoryId }, unregister);
  const lines = [
    `${dryRun ? 'DRY RUN of removing ' : 'Removed '}KRaft controller ${id} with directory id ${directoryId}`,
  ];
  if (!unregister) return lines;
  if (!dryRun) await unregisterVoter(cluster, id, lines);
  return [...lines, `${dryRun ? 'DRY RUN of unregistering ' : 'Unregistered '}KRaft controller ${id}`];
}

const byHand = (id: number): string =>
  `To unregister the controller from the cluster, run \`kafka-cluster.sh unregister-controller --id ${id}\`.`;

async function removeVoter(cluster: Cluster, voter: Voter, unregister: boolean): Promise<void> {
  try {
    await removeRaftVoter(cluster, voter);
  } catch (error) {
    const gone: readonly number[] = [Errors.UNSUPPORTED_VERSION, Errors.VOTER_NOT_FOUND];
    if (!unregister || !(error instanceof KafkaError) || !gone.includes(error.code)) throw error;
    throw new CommandError(`Failed to remove KRaft voter ${voter.id}: ${error.message}. ${byHand(voter.id)}`);
  }
}

/** `done`: lines to print before the error if unregistering fails. */
async function unregisterVoter(cluster: Cluster, id: number, done: readonly string[]): Promise<void> {
  try {
    await unregisterController(cluster, id);
  } catch (error) {
    const why = `Failed to unregister controller ${id}: ${errorLine(error)}. ${byHand(id)}`;
    throw new CommandError(why, { stdout: done.map((line) => `${line}\n`).join(''), stderr: `${why}\n` });
  }
}
