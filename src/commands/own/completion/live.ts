/** Topics and groups of the cluster that a line names, within the time that somebody waits for a tab; else nothing. */
import { readFileSync } from 'node:fs';
import type { Io } from '../../../cli/io.js';
import { connect } from '../../../client/cluster/connect.js';
import type { Cluster } from '../../../client/cluster/types.js';
import { parseProperties } from '../../../java/properties.js';
import { listGroups } from '../../../protocol/apis/16-list-groups.js';

/** ms */
const PATIENCE = 300;

export async function liveNames(kind: 'topic' | 'group', argv: readonly string[], env: Io['env']): Promise<string[]> {
  const bootstrap = flagValue(argv, 'bootstrap-server') ?? flagValue(argv, 'broker-list');
  if (bootstrap === undefined) return [];
  const file = flagValue(argv, 'command-config');
  const properties = file === undefined ? new Map<string, string>() : parseProperties(readFileSync(file, 'latin1'));
  const cluster = connect({ bootstrap, properties, env });
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<string[]>((resolve) => {
    timer = setTimeout(() => resolve([]), PATIENCE);
  });
  try {
    return await Promise.race([kind === 'topic' ? topics(cluster) : groups(cluster), patience]);
  } finally {
    clearTimeout(timer);
    void cluster.close();
  }
}

function flagValue(argv: readonly string[], name: string): string | undefined {
  const at = argv.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  if (at < 0) return undefined;
  const equals = argv[at]!.indexOf('=');
  return equals < 0 ? argv[at + 1] : argv[at]!.slice(equals + 1);
}

async function topics(cluster: Cluster): Promise<string[]> {
  const { topics: found } = await cluster.metadata(null, { timeoutMs: PATIENCE });
  return found.map(({ name }) => name).sort();
}

async function groups(cluster: Cluster): Promise<string[]> {
  const { brokers } = await cluster.metadata([], { timeoutMs: PATIENCE });
  const answers = await Promise.all(
    brokers.map(({ id }) =>
      cluster.send(listGroups, { statesFilter: [], typesFilter: [] }, { to: { node: id }, timeoutMs: PATIENCE }),
    ),
  );
  return answers.flatMap((answer) => answer.groups.map(({ groupId }) => groupId)).sort();
}
