/** Who a client is: `User:name`. Mirrors KafkaPrincipal and DefaultKafkaPrincipalBuilder. */
import type { TLSSocket } from 'node:tls';

export const ANONYMOUS = 'User:ANONYMOUS';
export const principalOf = (user: string): string => `User:${user}`;

const escaped = (value: string): string =>
  value
    .replace(/[,+"\\<>;=]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ');

/** The certificate's subject as RFC 2253 writes it, which is Java's order: the last part first. */
export function certificatePrincipal(socket: TLSSocket): string {
  if (!socket.authorized) return ANONYMOUS;
  const { subject } = socket.getPeerCertificate();
  const parts = Object.entries(subject ?? {}).flatMap(([type, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => `${type}=${escaped(one ?? '')}`),
  );
  return parts.length === 0 ? ANONYMOUS : principalOf(parts.reverse().join(','));
}
