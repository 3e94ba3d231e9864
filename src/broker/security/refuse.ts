/** Every security config is either enforced or rejected at startup, never ignored. */
import { ConfigError, type Resolved } from '../config/index.js';
import { jaasUsers } from './jaas-users.js';
import { ListenerSettings } from './listener-settings.js';
import { principalRules } from './principal-rules.js';
import { SASL_MECHANISMS } from './sasl.js';
import { tlsOptions } from './tls.js';

const AUTHORIZERS = ['', 'org.apache.kafka.metadata.authorizer.StandardAuthorizer'];
const PRINCIPALS = 'org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder';

/** Per-listener configs that would change the security, with their supported values. */
const ONLY: readonly (readonly [name: string, allowed: readonly string[]])[] = [
  ['principal.builder.class', [PRINCIPALS]],
  ['sasl.server.callback.handler.class', []],
  ['sasl.login.callback.handler.class', []],
  ['ssl.engine.factory.class', []],
  ['ssl.provider', []],
  ['security.providers', []],
];

/** Throws ConfigError if a security config cannot be enforced. */
export function refuseSecurity({ config, listeners, controllerListeners }: Resolved): void {
  const authorizer = String(config.setting('authorizer.class.name'));
  if (!AUTHORIZERS.includes(authorizer)) {
    throw new ConfigError(`authorizer.class.name: ${authorizer} is not supported, only ${AUTHORIZERS[1]}`);
  }
  for (const name of [
    'delegation.token.secret.key',
    'client.quota.callback.class',
    'create.topic.policy.class.name',
    'alter.config.policy.class.name',
  ]) {
    if (config.raw(name)) throw new ConfigError(`${name} is not supported: remove it`);
  }
  for (const user of (config.properties.get('super.users') ?? '').split(';')) {
    if (user.trim() !== '' && !user.includes(':')) {
      throw new ConfigError(`super.users: ${user.trim()} must have the form User:name`);
    }
  }
  refuseStrayListeners(config, [...listeners.map(({ name }) => name), ...controllerListeners]);
  for (const listener of listeners)
    checkListener(new ListenerSettings(config, listener.name), listener.securityProtocol);
}

/** Rejects `listener.name.X.ssl.…` if there is no listener X: it would not secure anything. */
function refuseStrayListeners(config: Resolved['config'], known: readonly string[]): void {
  for (const name of config.properties.keys()) {
    const [, listener, setting = ''] = /^listener\.name\.([^.]+)\.(.*)$/.exec(name) ?? [];
    if (listener === undefined || known.includes(listener.toUpperCase())) continue;
    if (!/(^|\.)(ssl|sasl|principal)\./.test(setting)) continue;
    throw new ConfigError(`${name}: there is no listener ${listener.toUpperCase()}, but ${known.join(', ')}`);
  }
}

function checkListener(settings: ListenerSettings, protocol: string): void {
  for (const [name, allowed] of ONLY) {
    const value = settings.text(name) ?? '';
    if (value !== '' && !allowed.includes(value)) throw settings.fail(name, `${value} is not supported`);
  }
  if (protocol.endsWith('SSL')) {
    tlsOptions(settings, protocol);
    principalRules(settings);
  }
  if (!protocol.startsWith('SASL')) return;
  const mechanisms = settings.list('sasl.enabled.mechanisms');
  const other = mechanisms.filter((mechanism) => !SASL_MECHANISMS.includes(mechanism));
  if (other.length > 0 || mechanisms.length === 0) {
    const offered = SASL_MECHANISMS.join(', ');
    throw settings.fail('sasl.enabled.mechanisms', `${other.join(', ') || 'none'}: offered are ${offered}`);
  }
  for (const mechanism of mechanisms) settings.numberOfMechanism(mechanism, 'connections.max.reauth.ms');
  settings.text('sasl.server.max.receive.size');
  jaasUsers(settings);
}
