/**
 * Replaces kafkajs's request table in the bundle (scripts/build.mjs): its SASL authenticator needs two of the forty
 * requests, and the bundle would contain all of them. Same lookup: the highest version that both sides support.
 */
import saslAuthenticate from 'kafkajs/src/protocol/requests/saslAuthenticate/index.js';
import saslHandshake from 'kafkajs/src/protocol/requests/saslHandshake/index.js';

interface Definition {
  readonly versions: readonly string[];
  protocol(of: { version: number }): unknown;
}
type Ranges = Readonly<Record<number, { readonly maxVersion: number } | undefined>>;

export const requests = { SaslHandshake: saslHandshake, SaslAuthenticate: saslAuthenticate };

export const lookup =
  (ranges: Ranges) =>
  (apiKey: number, { versions, protocol }: Definition): unknown => {
    const range = ranges[apiKey];
    if (range === undefined) throw new Error(`The broker has no API ${apiKey}, which authentication needs`);
    return protocol({ version: Math.min(Math.max(...versions.map(Number)), range.maxVersion) });
  };
