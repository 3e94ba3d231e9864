/** Users of SASL PLAIN: `user_NAME="password"` in the listener's sasl.jaas.config. Mirrors PlainServerCallbackHandler. */
import { JaasError } from '../../security/errors.js';
import { parseJaasConfig } from '../../security/jaas.js';
import { ConfigError } from '../config/index.js';
import type { ListenerSettings } from './listener-settings.js';

/** Throws ConfigError where PLAIN is offered and nobody could log in. */
export function jaasUsers(settings: ListenerSettings): Map<string, string> {
  const users = new Map<string, string>();
  if (!settings.list('sasl.enabled.mechanisms').includes('PLAIN')) return users;
  const name = `listener.name.${settings.listener.toLowerCase()}.plain.sasl.jaas.config`;
  const text = settings.ofMechanism('plain', 'sasl.jaas.config');
  if (text === undefined) throw settings.fail('sasl.enabled.mechanisms', `PLAIN needs its users in ${name}`);
  for (const [key, value] of Object.entries(plainOptions(text, name))) {
    if (key.startsWith('user_')) users.set(key.slice('user_'.length), value);
  }
  return users;
}

function plainOptions(text: string, name: string): Readonly<Record<string, string>> {
  try {
    const module = parseJaasConfig(text, name);
    if (module.name !== 'PlainLoginModule') throw new JaasError(`${name}: ${module.name} is not PlainLoginModule`);
    return module.options;
  } catch (error) {
    throw error instanceof JaasError ? new ConfigError(error.message) : error;
  }
}
