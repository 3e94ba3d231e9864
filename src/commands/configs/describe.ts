/** `--describe`. Mirrors ConfigCommand.describeConfig. */
import { CommandError } from '../../cli/errors.js';
import { type Io, writeLines } from '../../cli/io.js';
import { describeCluster } from '../../client/admin/cluster.js';
import { type ConfigEntry, configResources, configsOf, Resource, SOURCES } from '../../client/admin/configs.js';
import { listGroups } from '../../client/admin/groups.js';
import { type QuotaEntity, type Quotas, quotasOf } from '../../client/admin/quotas.js';
import { scramUsers } from '../../client/admin/scram-users.js';
import type { Cluster } from '../../client/cluster/types.js';
import { formatDouble } from '../../java/double.js';
import { hashOrder, hashOrderBy, javaHash } from '../../java/hash-order.js';
import { invalidTopicName } from '../../kafka/topic-names.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { DYNAMIC_DEFAULT_BROKER, QUOTA_TYPES, RESOURCES, type ResourceEntity, TIMEOUT_MS } from './entities.js';
import type { ConfigOptions, Entities } from './flags.js';

export async function describe(cluster: Cluster, entities: Entities, options: ConfigOptions, io: Io): Promise<void> {
  const [type] = entities.types;
  if (type === 'users' || type === 'clients' || type === 'ips') {
    await writeLines(io.stdout, await quotaLines(cluster, entities));
    return;
  }
  // as in Java, entities described before a failure are still printed
  const pieces = resourceLines(cluster, type as ResourceEntity, entities.names[0], options.has('all'));
  for await (const lines of pieces) await writeLines(io.stdout, lines);
}

async function* resourceLines(
  cluster: Cluster,
  type: ResourceEntity,
  name: string | undefined,
  all: boolean,
): AsyncGenerator<string[]> {
  const { resource, source, singular } = RESOURCES[type];
  if (name !== undefined && !all && !(await exists(cluster, type, name))) {
    yield [`The ${singular} '${name}' doesn't exist and doesn't have dynamic config.`];
    return;
  }
  if (type === 'topics' && name) checkTopicName(name);
  for (const entity of name === undefined ? await everyName(cluster, type) : [name]) {
    const heading = `${all ? 'All' : 'Dynamic'} configs for ${singular} ${entity} are:`;
    yield [entity === '' ? `Default configs for ${type} in the cluster are:` : heading];
    const entries = await configsOf(cluster, resource, entity, TIMEOUT_MS);
    const wanted = entity === '' && type === 'brokers' ? DYNAMIC_DEFAULT_BROKER : source;
    const shown = entries.filter((entry) => all || entry.configSource === wanted);
    yield shown.sort((a, b) => (a.name < b.name ? -1 : 1)).map(entryLine);
  }
}

function entryLine({ name, value, isSensitive, synonyms }: ConfigEntry): string {
  const from = synonyms.map((s) => `${SOURCES[s.source] ?? 'UNKNOWN'}:${s.name}=${s.value}`).join(', ');
  return `  ${name}=${value} sensitive=${isSensitive} synonyms={${from}}`;
}

function checkTopicName(name: string): void {
  const invalid = invalidTopicName(name);
  if (invalid !== null) throw new CommandError(invalid);
}

async function exists(cluster: Cluster, type: ResourceEntity, name: string): Promise<boolean> {
  if (type === 'topics') checkTopicName(name);
  if (type !== 'groups') return (await everyName(cluster, type)).includes(name);
  const groups = await listGroups(cluster, {}, TIMEOUT_MS);
  const configured = await configuredGroups(cluster);
  // unless the cluster lists the groups that have configs, assume that this one may have some
  return groups.some((group) => group.groupId === name) || (configured?.includes(name) ?? true);
}

/** The names of all entities of a type. */
async function everyName(cluster: Cluster, type: ResourceEntity): Promise<string[]> {
  const timeoutMs = TIMEOUT_MS;
  if (type === 'topics') {
    const { topics } = await cluster.metadata(null, { autoCreate: false, timeoutMs, call: 'listTopics' });
    return hashOrder(topics.map((topic) => topic.name));
  }
  if (type === 'brokers' || type === 'broker-loggers') {
    const { nodes } = await describeCluster(cluster);
    return [...nodes.map((node) => `${node.id}`), ''];
  }
  if (type === 'client-metrics') return configResources(cluster, Resource.clientMetrics, timeoutMs);
  const groups = await listGroups(cluster, {}, timeoutMs);
  return [...new Set([...groups.map((group) => group.groupId), ...((await configuredGroups(cluster)) ?? [])])];
}

/** The groups that have configs; undefined if the cluster is too old to list them, or refuses to. */
async function configuredGroups(cluster: Cluster): Promise<string[] | undefined> {
  try {
    return await configResources(cluster, Resource.group, TIMEOUT_MS);
  } catch (error) {
    const untold: readonly number[] = [Errors.UNSUPPORTED_VERSION, Errors.CLUSTER_AUTHORIZATION_FAILED];
    if (error instanceof KafkaError && untold.includes(error.code)) return undefined;
    throw error;
  }
}

async function quotaLines(cluster: Cluster, { types, names }: Entities): Promise<string[]> {
  if (names.length > types.length) throw new CommandError('More entity names specified than entity types');
  const wanted = types.map(
    (type, i): QuotaEntity => ({
      entityType: QUOTA_TYPES[type as keyof typeof QUOTA_TYPES],
      entityName: names[i] === '' ? null : names[i],
    }),
  );
  const lines = entityOrder(await quotasOf(cluster, wanted, TIMEOUT_MS)).map(quotaLine);
  if (types.includes('clients') || types.includes('ips') || names.includes('')) return lines;
  for (const { user, credentials } of await scramUsers(cluster, names, TIMEOUT_MS)) {
    const text = credentials.map(({ mechanism, iterations }) => `${mechanism}=iterations=${iterations}`).join(', ');
    lines.push(`SCRAM credential configs for user-principal '${user}' are ${text}`);
  }
  return lines;
}

/** The iteration order of Java's HashMap<ClientQuotaEntity, …>. */
const entityOrder = (quotas: readonly Quotas[]): Quotas[] =>
  hashOrderBy(
    quotas,
    ({ entity }) => {
      let sum = 31;
      for (const [type, name] of entity) sum = (sum + (javaHash(type) ^ (name === null ? 0 : javaHash(name)))) | 0;
      return sum;
    },
    quotas.length,
  );

const LABELS = { user: 'user-principal', 'client-id': 'client-id', ip: 'ip' } as const;

function quotaLine({ entity, values }: Quotas): string {
  const parts = Object.entries(LABELS)
    .filter(([type]) => entity.has(type))
    .map(([type, label]) => (entity.get(type) === null ? `the default ${label}` : `${label} '${entity.get(type)}'`));
  const shown = hashOrder([...values.keys()], values.size).map(
    (key) => `${key}=${formatDouble(values.get(key) as number)}`,
  );
  return `Quota configs for ${parts.join(', ')} are ${shown.join(', ')}`;
}
