/** The levels and names of metadata.version, and the default features of each. Mirrors MetadataVersion and Feature. */

const NAMES = [
  ...['3.3-IV3', '3.4-IV0', '3.5-IV0', '3.5-IV1', '3.5-IV2', '3.6-IV0', '3.6-IV1', '3.6-IV2'],
  ...['3.7-IV0', '3.7-IV1', '3.7-IV2', '3.7-IV3', '3.7-IV4', '3.8-IV0', '3.9-IV0'],
  ...['4.0-IV0', '4.0-IV1', '4.0-IV2', '4.0-IV3', '4.1-IV0', '4.1-IV1', '4.2-IV0', '4.2-IV1', '4.3-IV0'],
  ...['4.4-IV0', '4.4-IV1', '4.4-IV2', '4.5-IV0'],
];
export const MIN_METADATA_VERSION = 7;
/** the latest stable level; later ones have names already */
export const LATEST_METADATA_VERSION = 33;

/** The metadata.version from which a feature has a default level, in Kafka's order; highest level last. */
const FEATURES: readonly (readonly [name: string, since: number, level: number])[] = [
  ['kraft.version', 21, 1],
  ['transaction.version', 24, 2],
  ['group.version', 22, 1],
  ['eligible.leader.replicas.version', 26, 1],
  ['share.version', 28, 1],
  ['share.version', 31, 2],
  ['streams.version', 29, 1],
];

/** "4.4-IV2"; undefined for a level unknown to Kafka 4.4.0. */
export const metadataVersionName = (level: number): string | undefined => NAMES[level - MIN_METADATA_VERSION];

/** "4.0", "4.0.1" and "4.0-IV3" are level 25; a release that is not out yet has no short name. */
export function metadataVersionLevel(version: string): number | undefined {
  const key = version.split('.').slice(0, 2).join('.');
  const at = NAMES.findLastIndex((name) => name === key || name.startsWith(`${key}-`));
  const level = at + MIN_METADATA_VERSION;
  return at < 0 || (level > LATEST_METADATA_VERSION && NAMES[at] !== key) ? undefined : level;
}

/** The stable names, or all names, as listed in error messages. */
export const metadataVersionNames = (which: 'stable' | 'all'): string =>
  NAMES.slice(0, which === 'all' ? undefined : LATEST_METADATA_VERSION - MIN_METADATA_VERSION + 1).join(', ');

/** The default feature levels of a metadata.version. */
export const defaultFeatures = (metadataVersion: number): [name: string, level: number][] => {
  const levels = new Map(FEATURES.map(([name]) => [name, 0]));
  for (const [name, since, level] of FEATURES) if (metadataVersion >= since) levels.set(name, level);
  return [...levels];
};

/** The highest known level of a feature; undefined for an unknown feature. */
export const highestFeatureLevel = (name: string): number | undefined =>
  FEATURES.findLast(([feature]) => feature === name)?.[2];

/** metadata.version that adds eligible leader replicas to partition records */
const ELR_NEEDS = 23;

/** The levels of other features that a feature level depends on. */
export const featureDependencies = (name: string, level: number): [name: string, level: number][] =>
  name === 'eligible.leader.replicas.version' && level > 0 ? [['metadata.version', ELR_NEEDS]] : [];
