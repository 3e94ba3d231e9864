/**
 * Every command by name (Kafka's script name without kafka- and .sh), one line each: scripts/build.mjs reads this file
 * and builds one bundle per line. A command's module exports `command`, plus `flags` (its flag table) or `parser` (its
 * argparse4j-style parser), which completion reads.
 */

import type { ProgramSpec } from '../cli/argparse/spec.js';
import type { FlagTable } from '../cli/flags.js';
import type { Command, Io } from '../cli/io.js';
import { withDefaults, withProgramDefaults } from './shared/profiles.js';

export interface CommandModule {
  readonly command: Command;
  // biome-ignore lint/suspicious/noExplicitAny: a table of any flags
  readonly flags?: FlagTable<any>;
  readonly parser?: ProgramSpec;
  /** the command that stands for this one, with its arguments; throws CommandError */
  readonly target?: (argv: readonly string[]) => readonly string[];
}

export const COMMANDS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  topics: () => import('./topics/index.js'),
  'console-producer': () => import('./console/producer/index.js'),
  'console-consumer': () => import('./console/consumer/index.js'),
  'console-share-consumer': () => import('./console/share-consumer/index.js'),
  'consumer-groups': () => import('./groups/consumer/index.js'),
  'share-groups': () => import('./groups/share/index.js'),
  configs: () => import('./configs/index.js'),
  'get-offsets': () => import('./get-offsets/index.js'),
  groups: () => import('./groups/all/index.js'),
  'delete-records': () => import('./delete-records/index.js'),
  acls: () => import('./acls/index.js'),
  'reassign-partitions': () => import('./reassign-partitions/index.js'),
  'log-dirs': () => import('./log-dirs/index.js'),
  'leader-election': () => import('./leader-election/index.js'),
  'broker-api-versions': () => import('./broker-api-versions/index.js'),
  'client-metrics': () => import('./client-metrics/index.js'),
  'delegation-tokens': () => import('./delegation-tokens/index.js'),
  cluster: () => import('./cluster/index.js'),
  features: () => import('./features/index.js'),
  'metadata-quorum': () => import('./metadata-quorum/index.js'),
  transactions: () => import('./transactions/index.js'),
  'producer-perf-test': () => import('./perf/producer/index.js'),
  'verifiable-producer': () => import('./verifiable/producer/index.js'),
  'verifiable-consumer': () => import('./verifiable/consumer/index.js'),
  'verifiable-share-consumer': () => import('./verifiable/share-consumer/index.js'),
  'consumer-perf-test': () => import('./perf/consumer/index.js'),
  'share-consumer-perf-test': () => import('./perf/share-consumer/index.js'),
  'dump-log': () => import('./dump-log/index.js'),
  'e2e-latency': () => import('./perf/e2e-latency/index.js'),
  'replica-verification': () => import('./replica-verification/index.js'),
  'streams-groups': () => import('./groups/streams/index.js'),
  'streams-application-reset': () => import('./groups/streams-reset/index.js'),
  server: () => import('./server/index.js'),
  'server-start': () => import('./server/start/index.js'),
  'server-stop': () => import('./server/stop/index.js'),
  'metadata-shell': () => import('./metadata-shell/index.js'),
  storage: () => import('./storage/index.js'),
  'run-class': () => import('./own/run-class/index.js'),
  'left-out': () => import('./own/left-out/index.js'),
  quickstart: () => import('./own/quickstart/index.js'),
  'install-scripts': () => import('./own/install-scripts/index.js'),
  completion: () => import('./own/completion/index.js'),
  profile: () => import('./own/profile/index.js'),
  help: () => import('./own/help/index.js'),
};

/** Commands that Kafka has no script for. */
const OURS = new Set(['server', 'quickstart', 'completion', 'profile', 'install-scripts', 'left-out', 'help']);

/** The commands that --help lists. */
export const listedNames = (): string[] => Object.keys(COMMANDS).filter((name) => name !== 'left-out');

/** The commands that mirror one of Kafka's scripts, such as `topics` for kafka-topics.sh. */
export function scriptNames(): string[] {
  return Object.keys(COMMANDS).filter((name) => !OURS.has(name));
}

/** The command named by argv[0] and its arguments. For an unknown word or none: `help`, with argv as its arguments. */
export async function load(
  argv: readonly string[],
  env: Io['env'],
): Promise<{ command: Command; args: readonly string[] }> {
  const [name] = argv;
  if (name === undefined || name === 'help' || !Object.hasOwn(COMMANDS, name))
    return { command: (await COMMANDS.help!()).command, args: argv };
  const { command, flags, parser, target } = await COMMANDS[name]!();
  const args = argv.slice(1);
  if (target) return load(target(args), env);
  if (parser) return { command, args: withProgramDefaults(args, parser, env) };
  return { command, args: flags ? withDefaults(args, flags.flags, env) : args };
}
