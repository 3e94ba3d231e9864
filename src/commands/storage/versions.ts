/** `storage version-mapping` and `feature-dependencies`. */

import type { Arguments } from '../../cli/argparse/index.js';
import { CommandError } from '../../cli/errors.js';
import {
  highestFeatureLevel,
  LATEST_METADATA_VERSION,
  metadataVersionLevel,
  metadataVersionNames,
} from '../../kafka/metadata-versions.js';
import { dependencyLines, isShort, mappingLines } from '../shared/feature-versions.js';
import type { Outcome } from './outcome.js';

/** The metadata.version level of a stable release. Throws CommandError for an unknown one. */
export function releaseLevel(version: string): number {
  const level = metadataVersionLevel(version);
  if (level !== undefined && level <= LATEST_METADATA_VERSION) return level;
  throw new CommandError(
    `Unknown metadata.version '${version}'. Supported metadata.version are: ${metadataVersionNames('stable')}`,
  );
}

export const versionMapping = (args: Arguments): Outcome => ({ lines: mappingLines(args.text('release-version')) });

export const featureDependencies = (args: Arguments): Outcome => ({
  lines: args.texts('feature').flatMap(dependencies),
});

function dependencies(feature: string): string[] {
  const at = feature.indexOf('=');
  if (at < 0) {
    const form = "Expected format: 'feature=version' (e.g. 'group.version=1')";
    throw new CommandError(`Invalid feature format: ${feature}. ${form}`);
  }
  const [name, text] = [feature.slice(0, at).trim(), feature.slice(at + 1).trim()];
  if (!isShort(text)) throw new CommandError(`Invalid version format: ${text} for feature ${name}`);
  const level = Number(text);
  const highest = name === 'metadata.version' ? undefined : highestFeatureLevel(name);
  if (highest !== undefined && (level < 0 || level > highest)) {
    throw new CommandError(`Feature level ${level} is not supported for feature ${name}`);
  }
  return dependencyLines(name, level);
}
