/** Who a client is: `User:name`. Mirrors KafkaPrincipal and DefaultKafkaPrincipalBuilder. */
import type { TLSSocket } from 'node:tls';
import { subjectOf } from './distinguished-name.js';
import type { PrincipalRules } from './principal-rules.js';

export const ANONYMOUS = 'User:ANONYMOUS';
export const principalOf = (user: string): string => `User:${user}`;

/** The user that the rules make of a certificate's subject. Throws where they make none of it: such a client is not served. */
export function certificatePrincipal(socket: TLSSocket, rules: PrincipalRules): string {
  const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined;
  if (!certificate) return ANONYMOUS;
  const name = subjectOf(certificate.raw);
  try {
    return principalOf(rules(name));
  } catch (error) {
    throw new Error(`ssl.principal.mapping.rules: ${(error as Error).message}`);
  }
}
