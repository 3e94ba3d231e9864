import { api, array, bool, int8, int16, int32, nullable, optional, since, string, struct } from '../wire/schema.js';

export const updateFeatures = api({
  key: 57,
  name: 'UpdateFeatures',
  versions: [0, 2],
  flexible: 0,
  request: {
    timeoutMs: optional(int32, 60000),
    featureUpdates: array(
      struct({
        feature: string,
        maxVersionLevel: int16,
        allowDowngrade: since('0', bool),
        upgradeType: since('1+', int8, 1),
      }),
    ),
    validateOnly: since('1+', bool),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: nullable(string),
    results: since(
      '0-1',
      array(
        struct({
          feature: string,
          errorCode: int16,
          errorMessage: nullable(string),
        }),
      ),
    ),
  },
});
