/** Feature levels as both kafka-features.sh and kafka-storage.sh print them. */
import { CommandError } from '../../cli/errors.js';
import {
  defaultFeatures,
  featureDependencies,
  highestFeatureLevel,
  LATEST_METADATA_VERSION,
  metadataVersionLevel,
  metadataVersionName,
  metadataVersionNames,
} from '../../kafka/metadata-versions.js';

/** Whether Short.parseShort would accept the text. */
export const isShort = (text: string): boolean =>
  /^[+-]?\d+$/.test(text) && Number(text) >= -32768 && Number(text) <= 32767;

/** The metadata.version level of a release, stable or not. Throws CommandError for an unknown release. */
export function knownReleaseLevel(version: string): number {
  const level = metadataVersionLevel(version);
  if (level !== undefined) return level;
  throw new CommandError(
    `Unknown metadata.version '${version}'. Supported metadata.version are: ${metadataVersionNames('all')}`,
  );
}

/** The default feature levels of a release (default: the latest). */
export function mappingLines(release = metadataVersionName(LATEST_METADATA_VERSION) as string): string[] {
  const level = knownReleaseLevel(release);
  const features = defaultFeatures(level).map(([name, feature]) => `${name}=${feature}`);
  return [`metadata.version=${level} (${release})`, ...features];
}

/** The dependencies of a feature's level. Throws CommandError for an unknown feature or level. */
export function dependencyLines(name: string, level: number): string[] {
  if (name === 'metadata.version') {
    const version = metadataVersionName(level);
    if (version === undefined) throw new CommandError(`Unknown metadata.version ${level}`);
    return [`${name}=${level} (${version}) has no dependencies.`];
  }
  const highest = highestFeatureLevel(name);
  if (highest === undefined) throw new CommandError(`Unknown feature: ${name}`);
  if (level < 0 || level > highest) throw new CommandError(`No feature:${name} with feature level ${level}`);
  const needs = featureDependencies(name, level);
  if (needs.length === 0) return [`${name}=${level} has no dependencies.`];
  return [
    `${name}=${level} requires:`,
    ...needs.map(([other, at]) => `    ${other}=${at} (${metadataVersionName(at)})`),
  ];
}

/** Parses "feature=level". Throws CommandError. */
export function parseFeatureLevel(text: string): [feature: string, level: number] {
  const cannot = `Can't parse feature=level string ${text}`;
  const at = text.indexOf('=');
  if (at < 0) throw new CommandError(`${cannot}: equals sign not found.`);
  const [name, level] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (!isShort(level)) throw new CommandError(`${cannot}: unable to parse ${level} as a short.`);
  return [name, Number(level)];
}
