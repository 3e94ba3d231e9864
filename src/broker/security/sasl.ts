/** The SASL mechanisms of the broker. */
import { SCRAM_MECHANISMS } from '../../security/scram.js';
import { PlainServer } from './plain.js';
import type { Credentials, SaslServer } from './sasl-server.js';
import { ScramServer } from './scram-server.js';

export const SASL_MECHANISMS = ['PLAIN', ...SCRAM_MECHANISMS.map((m) => m.name)];

/** Undefined for an unknown mechanism. */
export function saslServer(mechanism: string, credentials: Credentials): SaslServer | undefined {
  if (mechanism === 'PLAIN') return new PlainServer(credentials);
  const scram = SCRAM_MECHANISMS.find((m) => m.name === mechanism);
  return scram && new ScramServer(scram, credentials);
}
