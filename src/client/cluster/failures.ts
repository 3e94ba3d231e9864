/** Connection failures with actionable messages, and whether they are retriable. */
import { Errors, KafkaError } from '../../protocol/errors.js';
import type { Node } from './types.js';

/** The broker disconnected or cannot be reached: Java's DisconnectException. Retriable. */
export class DisconnectError extends KafkaError {
  override readonly exception = 'DisconnectException';
  /** the host name does not resolve */
  readonly unresolved: boolean;
  /** the probable cause if it happens repeatedly: client and broker use different security protocols */
  readonly mismatch: string | undefined;
  constructor(message: string, options: { unresolved?: boolean; mismatch?: string } = {}) {
    super(13, message);
    this.unresolved = options.unresolved ?? false;
    this.mismatch = options.mismatch;
  }
}

/** The TLS handshake failed. Not retriable. */
export class SslAuthenticationError extends KafkaError {
  override readonly exception = 'SslAuthenticationException';
  constructor(message: string) {
    super(58, message);
  }
}

/** Wrong credentials or mechanism: SASL_AUTHENTICATION_FAILED with the broker's message. */
export function authenticationFailure(error: Error, node: Node, mechanism: string): KafkaError {
  if (error instanceof KafkaError) return error;
  const { code } = error as { code?: unknown };
  const place = `${node.host}:${node.port}`;
  if (code === Errors.UNSUPPORTED_SASL_MECHANISM) {
    return new KafkaError(58, `${place} does not offer the SASL mechanism ${mechanism}.`);
  }
  if (code === Errors.ILLEGAL_SASL_STATE) {
    return new KafkaError(58, `${place} does not take SASL: does security.protocol have to be PLAINTEXT or SSL?`);
  }
  return new KafkaError(58, error.message.replace(/^SASL .*? failed: /, ''));
}

/**
 * A failed FindCoordinator, with the message of Java's admin client. Mirrors clients/admin/internals/CoordinatorStrategy.
 * Java's consumers and producers have other messages.
 */
export function coordinatorRefusal(error: unknown, key: string, type: 'group' | 'transaction'): unknown {
  if (!(error instanceof KafkaError)) return error;
  const named = `${type === 'group' ? 'groupId' : 'transactionalId'} \`CoordinatorKey(idValue='${key}', type=${type.toUpperCase()})\``;
  const failed = (why: string) =>
    new KafkaError(error.code, `FindCoordinator request for ${named} failed due to ${why}`);
  if (error.code === Errors.GROUP_AUTHORIZATION_FAILED) return failed('authorization failure');
  if (error.code === Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED) return failed('authorization failure');
  if (error.code === Errors.INVALID_GROUP_ID) return failed('invalid group id');
  return error;
}

const UNTRUSTED = 'the certificate is not signed by an authority the truststore has';
const CLIENT_CERTIFICATE = 'the broker wants a certificate it trusts: set ssl.keystore.*';

/** Messages for the TLS error codes of Node and OpenSSL. */
const TLS_REASONS: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  CERT_UNTRUSTED: UNTRUSTED,
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
  CERT_REVOKED: 'the certificate is revoked',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the broker does not speak TLS here: is it a PLAINTEXT listener?',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: CLIENT_CERTIFICATE,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: CLIENT_CERTIFICATE,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: CLIENT_CERTIFICATE,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: CLIENT_CERTIFICATE,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: "the client's certificate has expired",
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'no common TLS version: see ssl.enabled.protocols',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'no common TLS version: see ssl.enabled.protocols',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: 'no common cipher suite, or no client certificate',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host name',
};

/** Converts an error of the socket or of kafkajs. */
export function transportFailure(error: Error, node: Node, tls: boolean): Error {
  if (error instanceof KafkaError) return error;
  const { code } = error as { code?: string };
  const place = `${node.host}:${node.port}`;
  const reason =
    code === undefined ? undefined : (TLS_REASONS[code] ?? (/^(ERR_(SSL|TLS)|CERT_)/.test(code) ? code : undefined));
  if (tls && reason !== undefined) return new SslAuthenticationError(`SSL handshake with ${place} failed: ${reason}`);
  const unresolved = code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_FAIL';
  const why = code ? ` (${code})` : '';
  const closed = tls && code === 'ECONNRESET';
  return new DisconnectError(`Connection to ${place} could not be established${why}.`, {
    unresolved,
    ...(closed && { mismatch: `SSL handshake with ${place} failed: ${TLS_REASONS.ERR_SSL_WRONG_VERSION_NUMBER}` }),
  });
}
