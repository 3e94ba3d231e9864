/** A key store that cannot be read, in one line that shows no secret. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** A JAAS configuration that cannot be read. */
export class JaasError extends Error {
  override readonly name = 'JaasError';
}

/** A store's MAC or digest, or the padding of what it encrypts, does not fit the password. The message is Java's. */
export class WrongPassword extends Error {
  override readonly name = 'WrongPassword';
}
