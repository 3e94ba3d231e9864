import { api, array, bool, int16, int32, int64, nullable, since, string, struct, tagged } from '../wire/schema.js';

export const apiVersions = api({
  key: 18,
  name: 'ApiVersions',
  versions: [0, 5],
  flexible: 3,
  request: {
    clientSoftwareName: since('3+', string),
    clientSoftwareVersion: since('3+', string),
    clusterId: since('5+', nullable(string), null),
    nodeId: since('5+', int32, -1),
  },
  response: {
    errorCode: int16,
    apiKeys: array(
      struct({
        apiKey: int16,
        minVersion: int16,
        maxVersion: int16,
      }),
    ),
    throttleTimeMs: since('1+', int32),
    supportedFeatures: tagged(
      0,
      '3+',
      array(
        struct({
          name: string,
          minVersion: int16,
          maxVersion: int16,
        }),
      ),
    ),
    finalizedFeaturesEpoch: tagged(1, '3+', int64, -1n),
    finalizedFeatures: tagged(
      2,
      '3+',
      array(
        struct({
          name: string,
          maxVersionLevel: int16,
          minVersionLevel: int16,
        }),
      ),
    ),
    zkMigrationReady: tagged(3, '3+', bool),
  },
});
