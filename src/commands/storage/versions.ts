/** `storage version-mapping` and `feature-dependencies`. */
import {
  defaultFeatures,
  highestFeatureLevel,
  LATEST_METADATA_VERSION,
  metadataVersionLevel,
  metadataVersionName,
  metadataVersionNames,
} from '../../broker/metadata-versions.js';
import type { Arguments } from '../../cli/argparse/index.js';
import { CommandError } from '../../cli/errors.js';
import type { Outcome } from './index.js';

/** eligible leader replicas are kept in partition records of this level */
const ELR_NEEDS = 23;

export function releaseLevel(version: string): number {
  const level = metadataVersionLevel(version);
  if (level !== undefined) return level;
  const known = `Supported metadata.version are: ${metadataVersionNames()}`;
  throw new CommandError(`Unknown metadata.version '${version}'. ${known}`);
}

export function versionMapping(args: Arguments): Outcome {
  const latest = metadataVersionName(LATEST_METADATA_VERSION) as string;
  const release = args.text('release-version') ?? latest;
  const level = releaseLevel(release);
  return {
    lines: [
      `metadata.version=${level} (${release})`,
      ...defaultFeatures(level).map(([name, feature]) => `${name}=${feature}`),
    ],
  };
}

export function featureDependencies(args: Arguments): Outcome {
  return { lines: args.texts('feature').flatMap(dependencies) };
}

function dependencies(feature: string): string[] {
  const at = feature.indexOf('=');
  if (at < 0) {
    const form = "Expected format: 'feature=version' (e.g. 'group.version=1')";
    throw new CommandError(`Invalid feature format: ${feature}. ${form}`);
  }
  const [name, text] = [feature.slice(0, at).trim(), feature.slice(at + 1).trim()];
  if (!/^[+-]?\d{1,5}$/.test(text)) throw new CommandError(`Invalid version format: ${text} for feature ${name}`);
  const level = Number(text);
  if (name === 'metadata.version') {
    const version = metadataVersionName(level);
    if (version === undefined) throw new CommandError(`Unknown metadata.version ${level}`);
    return [`${name}=${level} (${version}) has no dependencies.`];
  }
  const highest = highestFeatureLevel(name);
  if (highest === undefined) throw new CommandError(`Unknown feature: ${name}`);
  if (level < 0 || level > highest) {
    throw new CommandError(`Feature level ${level} is not supported for feature ${name}`);
  }
  if (name !== 'eligible.leader.replicas.version' || level === 0) return [`${name}=${level} has no dependencies.`];
  return [`${name}=${level} requires:`, `    metadata.version=${ELR_NEEDS} (${metadataVersionName(ELR_NEEDS)})`];
}
