/** `--alter`. Mirrors ConfigCommand.alterConfig. */
import { CommandError, errorLine } from '../../cli/errors.js';
import type { Io } from '../../cli/io.js';
import { alterConfigs, configsOf } from '../../client/admin/configs.js';
import { alterQuotas, quotasOf } from '../../client/admin/quotas.js';
import {
  alterScramUser,
  MIN_ITERATIONS,
  type NewCredential,
  SCRAM_MECHANISMS,
  type ScramMechanism,
} from '../../client/admin/scram-users.js';
import type { Cluster } from '../../client/cluster/types.js';
import { parseDouble } from '../../java/double.js';
import { hashOrder } from '../../java/hash-order.js';
import { parseInteger } from '../../java/integer.js';
import type { Changes } from './changes.js';
import { QUOTA_TYPES, RESOURCES, type ResourceEntity, TIMEOUT_MS } from './entities.js';
import type { Entities } from './flags.js';

const QUOTAS = ['producer_byte_rate', 'consumer_byte_rate', 'request_percentage', 'controller_mutation_rate'];
const IP_QUOTAS = ['connection_creation_rate'];

export async function alter(cluster: Cluster, entities: Entities, changes: Changes, io: Io): Promise<void> {
  const { types, names } = entities;
  const [type, name] = [types[0]!, names[0]!];
  if (type === 'users' || type === 'clients') await alterUserOrClient(cluster, entities, changes);
  else if (type === 'ips') await alterIp(cluster, entities, changes);
  else await alterResource(cluster, type, name, changes);
  io.stdout.write(
    name === ''
      ? `Completed updating default config for ${type} in the cluster.\n`
      : `Completed updating config for ${type.slice(0, -1)} ${name}.\n`,
  );
}

async function alterResource(cluster: Cluster, type: ResourceEntity, name: string, changes: Changes): Promise<void> {
  const { resource } = RESOURCES[type];
  if (type === 'broker-loggers') {
    const entries = await configsOf(cluster, resource, name, TIMEOUT_MS);
    const known = entries.filter((entry) => entry.configSource === RESOURCES[type].source).map((entry) => entry.name);
    const unknown = [...changes.unset, ...changes.set.keys()].filter((logger) => !known.includes(logger));
    if (unknown.length > 0) throw new CommandError(`Invalid broker logger(s): ${unknown.join(',')}`);
  }
  await alterConfigs(cluster, resource, name, changes, TIMEOUT_MS);
}

const mechanismOf = (name: string): ScramMechanism | undefined => SCRAM_MECHANISMS.find((m) => m.name === name);

async function alterUserOrClient(cluster: Cluster, entities: Entities, { set, unset }: Changes): Promise<void> {
  const { types, names } = entities;
  const added = [...set.keys()];
  const isScram = (name: string) => mechanismOf(name) !== undefined;
  const withClient = types[0] === 'clients' || types.length === 2;
  const allowed = (name: string) => QUOTAS.includes(name) || (!withClient && isScram(name));
  const what = withClient
    ? "quota configs can be ACTION for 'clients'"
    : "quota and SCRAM credential configs can be ACTION for 'users'";
  for (const [list, action] of [
    [added, 'added'],
    [unset, 'deleted'],
  ] as const) {
    const unexpected = hashOrder([...new Set(list.filter((name) => !allowed(name)))]);
    if (unexpected.length === 0) continue;
    throw new CommandError(
      `Only ${what.replace('ACTION', action)} using --bootstrap-server. Unexpected config names: ${unexpected.join(',')}`,
    );
  }
  const scram = [...added, ...unset].some(isScram);
  if (!scram) return alterEntityQuotas(cluster, entities, { set, unset });
  if (names.includes('')) {
    throw new CommandError(
      'The use of --entity-default or --user-defaults is not allowed with User SCRAM Credentials using --bootstrap-server.',
    );
  }
  if ([...added, ...unset].some((name) => QUOTAS.includes(name))) {
    throw new CommandError(
      "Cannot alter both quota and SCRAM credential configs simultaneously for 'users' using --bootstrap-server.",
    );
  }
  const credentials = {
    set: [...set].map(([name, value]) => credential(mechanismOf(name) as ScramMechanism, value)),
    unset: unset.map((name) => mechanismOf(name) as ScramMechanism),
  };
  await alterScramUser(cluster, names[0] as string, credentials, TIMEOUT_MS);
}

/** "iterations=8192,password=secret"; the iterations may be left out. */
function credential(mechanism: ScramMechanism, text: string): NewCredential {
  const found = /^(?:iterations=(-?[0-9]*),)?password=(.*)$/.exec(text);
  // the value contains a password: keep it out of the error
  if (!found) {
    throw new CommandError(
      `Invalid credential property ${mechanism.name}: it must be [iterations=N,password=SECRET] or [password=SECRET]`,
    );
  }
  const given = found[1];
  const iterations = given === undefined || given === '-1' ? MIN_ITERATIONS : iterationsOf(given);
  if (iterations < MIN_ITERATIONS) {
    throw new CommandError(
      `Iterations ${iterations} is less than the minimum ${MIN_ITERATIONS} required for ${mechanism.name}`,
    );
  }
  return { mechanism, iterations, password: found[2] as string };
}

function iterationsOf(text: string): number {
  try {
    return parseInteger(text);
  } catch (error) {
    throw new CommandError(errorLine(error));
  }
}

async function alterIp(cluster: Cluster, entities: Entities, changes: Changes): Promise<void> {
  const all = new Set([...changes.set.keys(), ...changes.unset]);
  const unknown = hashOrder([...all].filter((name) => !IP_QUOTAS.includes(name)));
  if (unknown.length > 0) {
    throw new CommandError(
      `Only connection quota configs can be added for 'ips' using --bootstrap-server. Unexpected config names: ${unknown.join(', ')}`,
    );
  }
  await alterEntityQuotas(cluster, entities, changes);
}

async function alterEntityQuotas(cluster: Cluster, { types, names }: Entities, { set, unset }: Changes): Promise<void> {
  const entity = types.map((type, i) => ({
    entityType: QUOTA_TYPES[type as keyof typeof QUOTA_TYPES],
    entityName: names[i] === '' ? null : (names[i] as string),
  }));
  const [now] = await quotasOf(cluster, entity, TIMEOUT_MS);
  const missing = unset.filter((name) => !now?.values.has(name));
  if (missing.length > 0) throw new CommandError(`Invalid config(s): ${missing.join(',')}`);
  const values = new Map([...set].map(([name, value]) => [name, quotaValue(name, value)]));
  await alterQuotas(cluster, entity, { set: values, unset }, TIMEOUT_MS);
}

function quotaValue(name: string, text: string): number {
  const value = parseDouble(text);
  if (value === undefined) throw new CommandError(`Cannot parse quota configuration value for ${name}: ${text}`);
  return value;
}
