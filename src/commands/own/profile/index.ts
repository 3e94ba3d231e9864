/** `ts-kafka profile`: which cluster the commands talk to when no flag says so, and why. */
import { Command as Commander } from 'commander';
import type { Command, Io } from '../../../cli/io.js';
import { type Defaults, readDefaults } from '../../shared/profiles.js';
import { runTree } from '../tree.js';

export const command: Command = {
  interruptible: true,
  run(argv: readonly string[], io: Io): Promise<number> {
    const tree = new Commander('ts-kafka profile')
      .description('Show which cluster the commands talk to when no flag says so.')
      .option('--output <format>', '"json" prints one JSON document');
    return runTree(tree, argv, io, ({ output }) => show(readDefaults(io.env), output === 'json', io));
  },
};

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

/** A table for eyes, tab-separated lines for scripts. */
async function drawn(head: string[], rows: string[][], io: Io): Promise<string> {
  if (!io.isTTY.stdout) return [head, ...rows].map((row) => row.join('\t')).join('\n');
  const { table } = await import('../../../cli/ui.js');
  return table(head, rows);
}
