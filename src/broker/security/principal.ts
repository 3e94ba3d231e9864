/** Who a client is: `User:name`. Mirrors KafkaPrincipal and DefaultKafkaPrincipalBuilder. */
import type { TLSSocket } from 'node:tls';
import { certificateSubject, rfc2253 } from './x500-name.js';

export const ANONYMOUS = 'User:ANONYMOUS';
export const principalOf = (user: string): string => `User:${user}`;

/** A missing certificate is an empty object. */
function certificateOf(socket: TLSSocket): Buffer | undefined {
  const { raw } = socket.getPeerCertificate();
  return raw;
}

/** The subject of the peer's certificate; anonymous without one. Throws DerError. */
export function certificatePrincipal(socket: TLSSocket): string {
  const certificate = socket.authorized ? certificateOf(socket) : undefined;
  return certificate ? principalOf(rfc2253(certificateSubject(certificate))) : ANONYMOUS;
}

/**
 * Why the peer's certificate does not do; undefined when it does, or when there is none and none is required. Where
 * certificates are only requested, Node lets bad ones pass, and JSSE does not.
 */
export const certificateRefusal = (socket: TLSSocket): string | undefined =>
  socket.authorized || !certificateOf(socket) ? undefined : String(socket.authorizationError);
