/**
 * ts-kafka's own defaults. They count as server.properties, not as Kafka's defaults, so that DescribeConfigs reports
 * them with that source.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';

export const DEFAULTS: Readonly<Record<string, string>> = {
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.listener.names': 'CONTROLLER',
  // a single node cannot hold three replicas
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  // Kafka delays a new group's first rebalance by 3 s to wait for more members; on a development machine that only
  // costs time
  'group.initial.rebalance.delay.ms': '0',
};

/** The log directory if neither log.dirs nor log.dir is set; the same on every start by the same user. */
export function defaultLogDir(env: Readonly<Record<string, string | undefined>>, platform = process.platform): string {
  if (env.XDG_DATA_HOME) return join(env.XDG_DATA_HOME, 'ts-kafka');
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'ts-kafka');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'ts-kafka');
  return join(homedir(), '.local', 'share', 'ts-kafka');
}
