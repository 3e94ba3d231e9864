/** The actions of kafka-client-metrics.sh. Mirrors tools/ClientMetricsCommand.ClientMetricsService. */
import { randomUUID } from 'node:crypto';
import { type Io, writeLines } from '../../cli/io.js';
import { alterConfigs, configResources, configsOf, Resource } from '../../client/admin/configs.js';
import type { Cluster } from '../../client/cluster/types.js';
import { hashOrderBy, javaHash } from '../../java/hash-order.js';
import type { Action, ClientMetricsOptions } from './flags.js';

const TIMEOUT = 30_000;

type Run = (cluster: Cluster, options: ClientMetricsOptions, io: Io) => Promise<void>;

export const ACTIONS: Readonly<Record<Action, Run>> = {
  /** An empty value resets a config to its default. */
  async alter(cluster, options, io) {
    const name = options.has('generate-name') ? randomName() : (options.value('name') as string);
    const typed: [string, string][] = [];
    if (options.has('interval')) typed.push(['interval.ms', options.value('interval') as string]);
    if (options.has('metrics')) typed.push(['metrics', options.values('metrics').join(',')]);
    if (options.has('match')) typed.push(['match', options.values('match').join(',')]);
    const set = new Map(typed.filter(([, value]) => value !== ''));
    const unset = typed.filter(([, value]) => value === '').map(([key]) => key);
    await alterConfigs(cluster, Resource.clientMetrics, name, { set, unset }, TIMEOUT);
    io.stdout.write(`Altered client metrics config for ${name}.\n`);
  },

  async delete(cluster, options, io) {
    const name = options.value('name') as string;
    const unset = (await configsOf(cluster, Resource.clientMetrics, name, TIMEOUT)).map((config) => config.name);
    await alterConfigs(cluster, Resource.clientMetrics, name, { set: new Map(), unset }, TIMEOUT);
    io.stdout.write(`Deleted client metrics config for ${name}.\n`);
  },

  async describe(cluster, options, io) {
    const all = await configResources(cluster, Resource.clientMetrics, TIMEOUT);
    const name = options.value('name');
    if (name !== undefined && !all.includes(name)) {
      io.stdout.write(`The client metric resource ${name} doesn't exist and doesn't have dynamic config.\n`);
      return;
    }
    for (const resource of name === undefined ? all : [name]) {
      io.stdout.write(`Client metrics configs for ${resource} are:\n`);
      const configs = await configsOf(cluster, Resource.clientMetrics, resource, TIMEOUT);
      const ordered = hashOrderBy(configs, (config) => javaHash(config.name));
      await writeLines(
        io.stdout,
        ordered.map((config) => `  ${config.name}=${config.value}`),
      );
    }
  },

  async list(cluster, _options, io) {
    io.stdout.write(`${(await configResources(cluster, Resource.clientMetrics, TIMEOUT)).join('\n')}\n`);
  },
};

/** Mirrors common/Uuid.randomUuid, which never starts with a dash, so that it cannot be taken for a flag. */
function randomName(): string {
  const name = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
  return name.startsWith('-') ? randomName() : name;
}
