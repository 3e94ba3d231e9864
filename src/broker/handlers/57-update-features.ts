/** Upgrades and downgrades feature levels. Mirrors FeatureControlManager.updateFeatures. */
import { updateFeatures } from '../../protocol/apis/57-update-features.js';
import { Errors } from '../../protocol/errors.js';
import { featureLevelRecord } from '../../protocol/messages/metadata-records.js';
import { type Broker, type MetadataRecord, metadataRecord } from '../api.js';
import { handler } from '../handler.js';
import { supportedFeatures } from '../metadata/features.js';

const Upgrade = { UPGRADE: 1, SAFE_DOWNGRADE: 2, UNSAFE_DOWNGRADE: 3 } as const;
const METADATA_VERSION = 'metadata.version';
const ALL_FAILED = 'The update failed for all features since the following feature had an error: ';

interface Update {
  readonly feature: string;
  readonly level: number;
  readonly type: number;
}

export default handler({
  api: updateFeatures,
  async handle(request, { apiVersion }, broker) {
    const updates = request.featureUpdates.map((u) => ({
      feature: u.feature,
      level: u.maxVersionLevel,
      type: apiVersion > 0 ? u.upgradeType : u.allowDowngrade ? Upgrade.SAFE_DOWNGRADE : Upgrade.UPGRADE,
    }));
    const refused = updates.map((u) => refusal(broker, u)).find((why) => why !== null);
    if (refused) {
      const errorCode = Errors.INVALID_UPDATE_VERSION;
      return { throttleTimeMs: 0, errorCode, errorMessage: ALL_FAILED + refused, results: [] };
    }
    const records: MetadataRecord[] = updates
      .filter((u) => (broker.metadata.features.get(u.feature) ?? 0) !== u.level)
      .map((u) => metadataRecord(featureLevelRecord, { name: u.feature, featureLevel: u.level }));
    if (!request.validateOnly) await broker.metadata.write(records);
    const results = updates.map(({ feature }) => ({ feature, errorCode: Errors.NONE, errorMessage: null }));
    return { throttleTimeMs: 0, errorCode: Errors.NONE, errorMessage: null, results };
  },
});

function refusal(broker: Broker, { feature, level, type }: Update): string | null {
  const invalid = (why: string): string => `Invalid update version ${level} for feature ${feature}. ${why}`;
  const now = broker.metadata.features.get(feature) ?? 0;
  if (type < Upgrade.UPGRADE || type > Upgrade.UNSAFE_DOWNGRADE) {
    return invalid('The controller does not support the given upgrade type.');
  }
  if (level < 0) return invalid('A feature version cannot be less than 0.');
  const range = supportedFeatures(broker).find((f) => f.name === feature);
  if (!range && level === 0) return invalid(`Feature ${feature} not found.`);
  if (!range) return invalid(`Local controller ${broker.nodeId} does not support this feature.`);
  if (level < range.minVersion || level > range.maxVersion) {
    const versions =
      range.minVersion === range.maxVersion ? `${range.minVersion}` : `${range.minVersion}-${range.maxVersion}`;
    return invalid(`Local controller ${broker.nodeId} only supports versions ${versions}`);
  }
  if (level < now && type === Upgrade.UPGRADE) {
    return invalid(
      "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",
    );
  }
  if (level > now && type !== Upgrade.UPGRADE) return invalid("Can't downgrade to a newer version.");
  if (feature === METADATA_VERSION && level < now) {
    const why =
      type === Upgrade.UNSAFE_DOWNGRADE
        ? 'Unsafe metadata downgrade is not supported in this version.'
        : 'Refusing to perform the requested downgrade because it might delete metadata information.';
    return `Unsupported metadata.version downgrade from ${now} to ${level}. ${why}`;
  }
  return null;
}
