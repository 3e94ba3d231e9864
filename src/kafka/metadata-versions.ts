/** Levels of metadata.version, their names, and the features that a directory of each gets. Mirrors MetadataVersion and Feature. */

const NAMES = [
  ...['3.3-IV3', '3.4-IV0', '3.5-IV0', '3.5-IV1', '3.5-IV2', '3.6-IV0', '3.6-IV1', '3.6-IV2'],
  ...['3.7-IV0', '3.7-IV1', '3.7-IV2', '3.7-IV3', '3.7-IV4', '3.8-IV0', '3.9-IV0'],
  ...['4.0-IV0', '4.0-IV1', '4.0-IV2', '4.0-IV3', '4.1-IV0', '4.1-IV1', '4.2-IV0', '4.2-IV1', '4.3-IV0'],
  ...['4.4-IV0', '4.4-IV1', '4.4-IV2', '4.5-IV0'],
];
export const MIN_METADATA_VERSION = 7;
/** the latest that is stable; what comes after it has a name already */
export const LATEST_METADATA_VERSION = 33;

/** First level of metadata.version at which a feature has a level by default, in the order Kafka lists them; highest level last. */
const FEATURES: readonly (readonly [name: string, since: number, level: number])[] = [
  ['kraft.version', 21, 1],
  ['transaction.version', 24, 2],
  ['group.version', 22, 1],
  ['eligible.leader.replicas.version', 26, 1],
  ['share.version', 28, 1],
  ['share.version', 31, 2],
  ['streams.version', 29, 1],
];

/** "4.4-IV2"; undefined for a level Kafka 4.4.0 does not know. */
export const metadataVersionName = (level: number): string | undefined => NAMES[level - MIN_METADATA_VERSION];

/** "4.0", "4.0.1" and "4.0-IV3" are level 25; a release that is not out yet has no short name. */
export function metadataVersionLevel(version: string): number | undefined {
  const key = version.split('.').slice(0, 2).join('.');
  const at = NAMES.findLastIndex((name) => name === key || name.startsWith(`${key}-`));
  const level = at + MIN_METADATA_VERSION;
  return at < 0 || (level > LATEST_METADATA_VERSION && NAMES[at] !== key) ? undefined : level;
}

/** The stable ones, or all that have a name, as errors list them. */
export const metadataVersionNames = (which: 'stable' | 'all'): string =>
  NAMES.slice(0, which === 'all' ? undefined : LATEST_METADATA_VERSION - MIN_METADATA_VERSION + 1).join(', ');

export const defaultFeatures = (metadataVersion: number): [name: string, level: number][] => {
  const levels = new Map(FEATURES.map(([name]) => [name, 0]));
  for (const [name, since, level] of FEATURES) if (metadataVersion >= since) levels.set(name, level);
  return [...levels];
};

export const highestFeatureLevel = (name: string): number | undefined =>
  FEATURES.findLast(([feature]) => feature === name)?.[2];

/** eligible leader replicas are kept in partition records of this level */
const ELR_NEEDS = 23;

/** The levels of other features that a feature's level needs. */
export const featureDependencies = (name: string, level: number): [name: string, level: number][] =>
  name === 'eligible.leader.replicas.version' && level > 0 ? [['metadata.version', ELR_NEEDS]] : [];
