/**
 * Settings out of environment variables, as the common container images take them: KAFKA_CFG_X_Y and KAFKA_X_Y are x.y,
 * `__` is `_`, `___` is `-`. Without CFG only names of the table count: KAFKA_OPTS, KAFKA_HOME … belong to other programs.
 */
import { brokerKey } from './tables.js';

type Env = Readonly<Record<string, string | undefined>>;

export const settingName = (variable: string): string =>
  variable.toLowerCase().replace(/_{1,3}/g, (run) => (run.length === 3 ? '-' : run.length === 2 ? '_' : '.'));

/** Names that are no part of Kafka's own table, and no typo either: those an authorizer reads, and ours. */
const OUTSIDE_THE_TABLE = ['super.users', 'allow.everyone.if.no.acl.found', 'ts.kafka.unclean.takeover.enable'];

export const isSetting = (name: string): boolean => brokerKey(name) !== undefined || OUTSIDE_THE_TABLE.includes(name);

/** The id of a cluster that is new, as the images name it. Any text is one to Kafka, as it is to `storage format`. */
export function environmentClusterId(env: Env): string | undefined {
  return env.KAFKA_KRAFT_CLUSTER_ID || env.CLUSTER_ID || undefined;
}

/** `unknown` names the KAFKA_CFG_ variables that no setting has; KAFKA_CFG_ wins over KAFKA_. */
export function environmentSettings(env: Env): { settings: Map<string, string>; unknown: string[] } {
  const settings = new Map<string, string>();
  const unknown: string[] = [];
  for (const [variable, value] of Object.entries(env)) {
    if (value === undefined || !variable.startsWith('KAFKA_') || variable.startsWith('KAFKA_CFG_')) continue;
    const name = settingName(variable.slice('KAFKA_'.length));
    if (isSetting(name)) settings.set(name, value);
  }
  for (const [variable, value] of Object.entries(env)) {
    if (value === undefined || !variable.startsWith('KAFKA_CFG_')) continue;
    const name = settingName(variable.slice('KAFKA_CFG_'.length));
    if (isSetting(name)) settings.set(name, value);
    else unknown.push(variable);
  }
  return { settings, unknown };
}
