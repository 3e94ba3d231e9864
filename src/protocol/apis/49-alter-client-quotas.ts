import { api, array, bool, float64, int16, int32, nullable, string, struct } from '../wire/schema.js';

export const alterClientQuotas = api({
  key: 49,
  name: 'AlterClientQuotas',
  versions: [0, 1],
  flexible: 1,
  request: {
    entries: array(
      struct({
        entity: array(
          struct({
            entityType: string,
            entityName: nullable(string),
          }),
        ),
        ops: array(
          struct({
            key: string,
            value: float64,
            remove: bool,
          }),
        ),
      }),
    ),
    validateOnly: bool,
  },
  response: {
    throttleTimeMs: int32,
    entries: array(
      struct({
        errorCode: int16,
        errorMessage: nullable(string),
        entity: array(
          struct({
            entityType: string,
            entityName: nullable(string),
          }),
        ),
      }),
    ),
  },
});
