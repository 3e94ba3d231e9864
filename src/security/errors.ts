/** A key store cannot be read. The message is one line and contains no secret. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** A JAAS configuration is invalid or cannot be read. */
export class JaasError extends Error {
  override readonly name = 'JaasError';
}

/** A store's MAC, digest or padding does not match the password. The message is Java's. */
export class WrongPassword extends Error {
  override readonly name = 'WrongPassword';
}
