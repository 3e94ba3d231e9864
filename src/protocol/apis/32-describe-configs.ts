import { api, array, bool, int8, int16, int32, nullable, optional, since, string, struct } from '../wire/schema.js';

export const describeConfigs = api({
  key: 32,
  name: 'DescribeConfigs',
  versions: [1, 4],
  flexible: 4,
  request: {
    resources: array(
      struct({
        resourceType: int8,
        resourceName: string,
        configurationKeys: nullable(array(string)),
      }),
    ),
    includeSynonyms: optional(bool),
    includeDocumentation: since('3+', bool),
  },
  response: {
    throttleTimeMs: int32,
    results: array(
      struct({
        errorCode: int16,
        errorMessage: nullable(string),
        resourceType: int8,
        resourceName: string,
        configs: array(
          struct({
            name: string,
            value: nullable(string),
            readOnly: bool,
            configSource: optional(int8, -1),
            isSensitive: bool,
            synonyms: optional(
              array(
                struct({
                  name: string,
                  value: nullable(string),
                  source: int8,
                }),
              ),
            ),
            configType: since('3+', int8),
            documentation: since('3+', nullable(string)),
          }),
        ),
      }),
    ),
  },
});
