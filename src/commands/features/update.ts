/** `features upgrade`, `downgrade` and `disable`. */
import type { Arguments } from '../../cli/argparse/index.js';
import { CommandError } from '../../cli/errors.js';
import { type Io, writeLines } from '../../cli/io.js';
import { type FeatureUpdate, UpgradeType, updateFeatures } from '../../client/admin/features.js';
import type { Cluster } from '../../client/cluster/types.js';
import { defaultFeatures } from '../../kafka/metadata-versions.js';
import { knownReleaseLevel, parseFeatureLevel } from '../shared/feature-versions.js';

interface UpdateRequest {
  readonly operation: string;
  readonly updates: readonly FeatureUpdate[];
  readonly dryRun: boolean;
}

/** The updates that the arguments ask for. Throws the Java tool's errors for options that contradict each other. */
export function parseUpdates(args: Arguments, io: Io): UpdateRequest {
  const operation = args.command as string;
  const type =
    operation === 'upgrade'
      ? UpgradeType.UPGRADE
      : args.has('unsafe')
        ? UpgradeType.UNSAFE_DOWNGRADE
        : UpgradeType.SAFE_DOWNGRADE;
  const levels = operation === 'disable' ? disabled(args) : wanted(args, type === UpgradeType.UPGRADE, io);
  if (levels.size === 0) throw new CommandError(`You must specify at least one feature to ${operation}`);
  const updates = [...levels].map(([feature, level]) => ({ feature, level, type }));
  return { operation, updates, dryRun: args.has('dry-run') };
}

function disabled(args: Arguments): Map<string, number> {
  const levels = new Map<string, number>();
  for (const feature of args.texts('feature')) once(levels, feature, 0);
  return levels;
}

function wanted(args: Arguments, upgrade: boolean, io: Io): Map<string, number> {
  const release = args.text('release-version');
  const metadata = args.text('metadata');
  if (release !== undefined) {
    if (metadata !== undefined || args.has('feature')) {
      throw new CommandError('Can not specify `release-version` with other feature flags.');
    }
    const level = knownReleaseLevel(release);
    // upgrading to level 0 would be rejected
    const others = defaultFeatures(level).filter(([, feature]) => !upgrade || feature > 0);
    return new Map([['metadata.version', level], ...others]);
  }
  const levels = new Map<string, number>();
  if (metadata !== undefined) {
    io.stdout.write(' `metadata` flag is deprecated and may be removed in a future release.\n');
    levels.set('metadata.version', knownReleaseLevel(metadata));
  }
  for (const text of args.texts('feature')) {
    const [feature, level] = parseFeatureLevel(text);
    checkLevel(level, upgrade);
    once(levels, feature, level);
  }
  return levels;
}

/** Mirrors the argument checks of Java's FeatureUpdate. */
function checkLevel(level: number, upgrade: boolean): void {
  if (level < 0) throw new CommandError('Cannot specify a negative version level.');
  if (level > 0 || !upgrade) return;
  const flag = 'The upgradeType flag should be set to SAFE_DOWNGRADE or UNSAFE_DOWNGRADE';
  throw new CommandError(`${flag} when the provided maxVersionLevel:0 is < 1.`);
}

function once(levels: Map<string, number>, feature: string, level: number): void {
  if (levels.has(feature)) throw new CommandError(`Feature ${feature} was specified more than once.`);
  levels.set(feature, level);
}

/** Sends the updates and prints the result of each, sorted by feature name. */
export async function update(cluster: Cluster, { operation, updates, dryRun }: UpdateRequest, io: Io): Promise<void> {
  const outcomes = await updateFeatures(cluster, updates, dryRun);
  const sorted = [...updates].sort((a, b) => (a.feature < b.feature ? -1 : 1));
  const disable = operation === 'disable';
  const lines = sorted.map(({ feature, level }) => {
    const error = outcomes.get(feature);
    if (error) {
      const what = disable ? `disable ${feature}` : `${operation} ${feature} to ${level}`;
      return `${dryRun ? 'Can not ' : 'Could not '}${what}. ${error.message}`;
    }
    return `${feature}${dryRun ? ' can be ' : ' was '}${disable ? 'disabled.' : `${operation}d to ${level}.`}`;
  });
  await writeLines(io.stdout, lines);
  const failures = [...outcomes.values()].filter((error) => error !== undefined).length;
  if (failures > 0) throw new CommandError(`${failures} out of ${updates.length} operation(s) failed.`);
}
