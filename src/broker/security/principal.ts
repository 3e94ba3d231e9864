/** A client's principal: `User:name`. Mirrors KafkaPrincipal and DefaultKafkaPrincipalBuilder. */
import type { TLSSocket } from 'node:tls';
import type { PrincipalRules } from './principal-rules.js';
import { certificateSubject, rfc2253 } from './x500-name.js';

export const ANONYMOUS = 'User:ANONYMOUS';
/** "User:alice" for "alice". */
export const principalOf = (user: string): string => `User:${user}`;

/** The peer's certificate as DER. Without one, Node returns an empty object. */
function certificateOf(socket: TLSSocket): Buffer | undefined {
  const { raw } = socket.getPeerCertificate();
  return raw;
}

/**
 * The principal for the subject of the peer's certificate; ANONYMOUS without a certificate. Throws DerError, or an
 * Error if no mapping rule matches: such a client is rejected.
 */
export function certificatePrincipal(socket: TLSSocket, rules: PrincipalRules): string {
  const certificate = socket.authorized ? certificateOf(socket) : undefined;
  if (!certificate) return ANONYMOUS;
  const name = rfc2253(certificateSubject(certificate));
  try {
    return principalOf(rules(name));
  } catch (error) {
    throw new Error(`ssl.principal.mapping.rules: ${(error as Error).message}`);
  }
}

/**
 * Why the peer's certificate is rejected; undefined if it is valid, or missing and not required. With
 * ssl.client.auth=requested Node accepts invalid certificates, JSSE does not.
 */
export const certificateRefusal = (socket: TLSSocket): string | undefined =>
  socket.authorized || !certificateOf(socket) ? undefined : String(socket.authorizationError);
