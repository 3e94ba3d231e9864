/** Which client certificates a TLS listener requests, depending on its settings. */
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { BrokerConfig } from '../../../src/broker/config/broker-config.js';
import { ListenerSettings } from '../../../src/broker/security/listener-settings.js';
import { tlsOptions } from '../../../src/broker/security/tls.js';

const at = (name: string) => path.resolve(import.meta.dirname, '../../security/stores', name);
const STORES = [
  ['ssl.keystore.type', 'PEM'],
  ['ssl.keystore.location', at('client-all.pem')],
  ['ssl.truststore.type', 'PEM'],
  ['ssl.truststore.location', at('ca.pem')],
] as const;

function asked(securityProtocol: string, settings: Record<string, string>) {
  const config = new BrokerConfig([...STORES, ...Object.entries(settings)]);
  const { requestCert, rejectUnauthorized } = tlsOptions(new ListenerSettings(config, 'INSIDE'), securityProtocol);
  return [requestCert, rejectUnauthorized];
}

// mirrors ChannelBuilders.create
describe('ssl.client.auth', () => {
  const everywhere = { 'ssl.client.auth': 'required' };
  test('of the broker applies to SSL', () => expect(asked('SSL', everywhere)).toEqual([true, true]));
  test('of the broker does not apply to SASL_SSL', () => expect(asked('SASL_SSL', everywhere)).toEqual([false, false]));
  test.each(['SSL', 'SASL_SSL'])('of the listener applies to %s', (protocol) => {
    expect(asked(protocol, { 'listener.name.inside.ssl.client.auth': 'required' })).toEqual([true, true]);
    expect(asked(protocol, { 'listener.name.inside.ssl.client.auth': 'requested' })).toEqual([true, false]);
  });
  test('of the listener overrides that of the broker', () =>
    expect(asked('SSL', { ...everywhere, 'listener.name.inside.ssl.client.auth': 'none' })).toEqual([false, false]));
});
