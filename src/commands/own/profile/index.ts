/** `ts-kafka profile`: the cluster that commands use when no flag names one, and where that default comes from. */
import { Command as Commander } from 'commander';
import { CommandError, errorLine } from '../../../cli/errors.js';
import type { Command, Io } from '../../../cli/io.js';
import type { Defaults } from '../../../client/profiles.js';
import { readDefaults } from '../../shared/profiles.js';
import { runTree } from '../tree.js';

export const command: Command = {
  interruptible: true,
  run(argv: readonly string[], io: Io): Promise<number> {
    const tree = new Commander('ts-kafka profile')
      .description('Show which cluster commands use when no flag names one.')
      .option('--output <format>', '"json" prints one JSON document')
      .option('--check', 'connect to that cluster, and print its id and brokers');
    return runTree(tree, argv, io, async ({ output, check }) => {
      const defaults = readDefaults(io.env);
      await show(defaults, output === 'json', io);
      if (check) await reach(defaults, io);
    });
  },
};

/** Connects with kafkajs's Admin instead of our own client, using the same properties. */
async function reach({ active, source }: Defaults, io: Io): Promise<void> {
  if (!active) throw new CommandError(`no cluster to check: ${source}`);
  const { createKafka } = await import('../../../client/kafkajs.js');
  const file = active['command-config'];
  const bootstrapServers = active['bootstrap-server'];
  try {
    const admin = createKafka({ ...(file && { file }), bootstrapServers, env: io.env, retries: 1 }).admin();
    await admin.connect();
    const { brokers, clusterId } = await admin.describeCluster().finally(() => admin.disconnect());
    const at = brokers.map(({ nodeId, host, port }) => `${host}:${port} (${nodeId})`).join(', ');
    io.stderr.write(`${bootstrapServers} answers: cluster ${clusterId}, brokers ${at}\n`);
  } catch (error) {
    throw new CommandError(`cannot connect to ${bootstrapServers} (${source}): ${errorLine(error)}`);
  }
}

async function show(defaults: Defaults, json: boolean, io: Io): Promise<void> {
  if (json) {
    io.stdout.write(`${JSON.stringify({ ...defaults, active: defaults.active ?? null }, null, 2)}\n`);
    return;
  }
  const active = defaults.active;
  io.stdout.write(`bootstrap-server  ${active?.['bootstrap-server'] ?? 'none'}\n`);
  if (active?.['command-config']) io.stdout.write(`command-config    ${active['command-config']}\n`);
  io.stdout.write(`from              ${defaults.source}\n`);
  const profiles = Object.entries(defaults.profiles);
  if (profiles.length === 0) return;
  const rows = profiles.map(([name, p]) => [name, p['bootstrap-server'], p['command-config'] ?? '']);
  io.stdout.write(`\n${await drawn(['PROFILE', 'BOOTSTRAP-SERVER', 'COMMAND-CONFIG'], rows, io)}\n`);
}

/** A table on a terminal, tab-separated lines in a pipe. */
async function drawn(head: string[], rows: string[][], io: Io): Promise<string> {
  if (!io.isTTY.stdout) return [head, ...rows].map((row) => row.join('\t')).join('\n');
  const { table } = await import('../../../cli/ui.js');
  return table(head, rows);
}
