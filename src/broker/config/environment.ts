/**
 * Configs from environment variables, named as in the common container images: KAFKA_CFG_X_Y and KAFKA_X_Y set x.y;
 * `__` is `_`, `___` is `-`. Without CFG, only known configs count: KAFKA_OPTS, KAFKA_HOME … belong to other programs.
 */
import { brokerKey } from './tables.js';

type Env = Readonly<Record<string, string | undefined>>;

/** The config that a variable, without its KAFKA_ prefix, stands for. */
export const settingName = (variable: string): string =>
  variable.toLowerCase().replace(/_{1,3}/g, (run) => (run.length === 3 ? '-' : run.length === 2 ? '_' : '.'));

/** Valid names outside of KafkaConfig: those the authorizer reads, and ts-kafka's own. */
const OUTSIDE_THE_TABLE = ['super.users', 'allow.everyone.if.no.acl.found', 'ts.kafka.unclean.takeover.enable'];

/** Whether a broker config of this name exists. */
export const isSetting = (name: string): boolean => brokerKey(name) !== undefined || OUTSIDE_THE_TABLE.includes(name);

/**
 * The cluster id for a new directory, from the variables the container images use. Like `storage format`, it accepts
 * any text.
 */
export function environmentClusterId(env: Env): string | undefined {
  return env.KAFKA_KRAFT_CLUSTER_ID || env.CLUSTER_ID || undefined;
}

/** `unknown` lists the KAFKA_CFG_ variables that match no config. KAFKA_CFG_ takes precedence over KAFKA_. */
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
