/** A key store that cannot be read, in one line that shows no secret. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** A JAAS configuration that cannot be read. */
export class JaasError extends Error {
  override readonly name = 'JaasError';
}
