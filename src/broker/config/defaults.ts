/**
 * What ts-kafka sets where the user says nothing. They count as server.properties, not as Kafka's defaults, so that
 * DescribeConfigs shows them with their source.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';

export const DEFAULTS: Readonly<Record<string, string>> = {
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.listener.names': 'CONTROLLER',
  // one node cannot hold three replicas
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  // Kafka waits 3 s for more members before a new group's first rebalance; alone on a machine nobody wants that
  'group.initial.rebalance.delay.ms': '0',
};

/** Where the logs lie when neither log.dirs nor log.dir says so: the same place at every start of one user. */
export function defaultLogDir(env: Readonly<Record<string, string | undefined>>, platform = process.platform): string {
  if (env.XDG_DATA_HOME) return join(env.XDG_DATA_HOME, 'ts-kafka');
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'ts-kafka');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'ts-kafka');
  return join(homedir(), '.local', 'share', 'ts-kafka');
}
