/** Names of topics or groups from the cluster of a command line. Empty unless the cluster answers within PATIENCE. */
import type { Io } from '../../../cli/io.js';
import { type Admin, createKafka } from '../../../client/kafkajs.js';

/** how long a tab is allowed to take, ms */
const PATIENCE = 300;

export async function liveNames(kind: 'topic' | 'group', argv: readonly string[], env: Io['env']): Promise<string[]> {
  const bootstrapServers = flagValue(argv, 'bootstrap-server') ?? flagValue(argv, 'broker-list');
  if (bootstrapServers === undefined) return [];
  const file = flagValue(argv, 'command-config');
  const admin = createKafka({ ...(file !== undefined && { file }), bootstrapServers, env, retries: 0 }).admin();
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<string[]>((resolve) => {
    timer = setTimeout(() => resolve([]), PATIENCE);
  });
  try {
    return await Promise.race([names(admin, kind), patience]);
  } finally {
    clearTimeout(timer);
    void admin.disconnect();
  }
}

async function names(admin: Admin, kind: 'topic' | 'group'): Promise<string[]> {
  await admin.connect();
  if (kind === 'topic') return (await admin.listTopics()).sort();
  const { groups } = await admin.listGroups();
  return groups.map(({ groupId }) => groupId).sort();
}

function flagValue(argv: readonly string[], name: string): string | undefined {
  const at = argv.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  if (at < 0) return undefined;
  const equals = argv[at]!.indexOf('=');
  return equals < 0 ? argv[at + 1] : argv[at]!.slice(equals + 1);
}
