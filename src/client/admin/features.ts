/** Feature levels (KIP-584). Mirrors Admin.describeFeatures and updateFeatures. */
import { apiVersions } from '../../protocol/apis/18-api-versions.js';
import { updateFeatures as updateFeaturesApi } from '../../protocol/apis/57-update-features.js';
import { check, KafkaError } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/types.js';

export interface FeatureMetadata {
  readonly supported: ReadonlyMap<string, { readonly min: number; readonly max: number }>;
  readonly finalized: ReadonlyMap<string, number>;
  /** undefined when the node has none */
  readonly epoch: bigint | undefined;
}

/** The features as reported by `node`, or by any node. */
export async function describeFeatures(cluster: Cluster, node?: number): Promise<FeatureMetadata> {
  const response = await cluster.send(
    apiVersions,
    { clientSoftwareName: 'ts-kafka', clientSoftwareVersion: '0.1.0' },
    { call: 'describeFeatures', controllers: true, ...(node !== undefined && { to: { node } }) },
  );
  check(response.errorCode);
  const { supportedFeatures, finalizedFeatures, finalizedFeaturesEpoch: epoch } = response;
  return {
    supported: new Map((supportedFeatures ?? []).map((f) => [f.name, { min: f.minVersion, max: f.maxVersion }])),
    finalized: new Map((finalizedFeatures ?? []).map((f) => [f.name, f.maxVersionLevel])),
    epoch: epoch < 0n ? undefined : epoch,
  };
}

export const UpgradeType = { UPGRADE: 1, SAFE_DOWNGRADE: 2, UNSAFE_DOWNGRADE: 3 } as const;

export interface FeatureUpdate {
  readonly feature: string;
  readonly level: number;
  readonly type: (typeof UpgradeType)[keyof typeof UpgradeType];
}

/** The error of each feature, undefined if it was updated. Since UpdateFeatures v2 either all fail or none. */
export async function updateFeatures(
  cluster: Cluster,
  updates: readonly FeatureUpdate[],
  validateOnly: boolean,
): Promise<Map<string, KafkaError | undefined>> {
  const featureUpdates = updates.map(({ feature, level, type }) => ({
    feature,
    maxVersionLevel: level,
    allowDowngrade: type !== UpgradeType.UPGRADE,
    upgradeType: type,
  }));
  const response = await cluster.send(
    updateFeaturesApi,
    { featureUpdates, validateOnly },
    {
      to: 'controller',
      controllers: true,
      call: 'updateFeatures',
      errorOf: (r) => (r.errorCode === NOT_CONTROLLER ? r.errorCode : 0),
    },
  );
  const all = failure(response);
  const own = new Map((response.results ?? []).map((result) => [result.feature, failure(result)]));
  return new Map(updates.map(({ feature }) => [feature, all ?? own.get(feature)]));
}

const NOT_CONTROLLER = 41;

function failure(answer: { readonly errorCode: number; readonly errorMessage: string | null }) {
  return answer.errorCode === 0 ? undefined : new KafkaError(answer.errorCode, answer.errorMessage ?? undefined);
}
