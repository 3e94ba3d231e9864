/** Who a client is: `User:name`. Mirrors KafkaPrincipal and DefaultKafkaPrincipalBuilder. */
import type { TLSSocket } from 'node:tls';
import type { PrincipalRules } from './principal-rules.js';
import { certificateSubject, rfc2253 } from './x500-name.js';

export const ANONYMOUS = 'User:ANONYMOUS';
export const principalOf = (user: string): string => `User:${user}`;

/** The peer's certificate as DER. Where there is none, Node gives an empty object. */
function certificateOf(socket: TLSSocket): Buffer | undefined {
  const { raw } = socket.getPeerCertificate();
  return raw;
}

/**
 * The user that the rules map the subject of the peer's certificate to; anonymous without a certificate. Throws DerError,
 * and an Error where no rule applies: such a client is not served.
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
 * Why the peer's certificate is refused; undefined when it is good, or when there is none and none is required. Where
 * certificates are only requested, Node lets bad ones pass and JSSE does not.
 */
export const certificateRefusal = (socket: TLSSocket): string | undefined =>
  socket.authorized || !certificateOf(socket) ? undefined : String(socket.authorizationError);
