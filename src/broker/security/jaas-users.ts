/** Users of SASL PLAIN: `user_NAME="password"` in the listener's sasl.jaas.config. Mirrors PlainServerCallbackHandler. */
import { parseJaas } from './jaas.js';
import type { ListenerSettings } from './listener-settings.js';

const PLAIN_MODULE = 'org.apache.kafka.common.security.plain.PlainLoginModule';

/** Throws ConfigError where PLAIN is offered and nobody could log in. */
export function jaasUsers(settings: ListenerSettings): Map<string, string> {
  const users = new Map<string, string>();
  if (!settings.list('sasl.enabled.mechanisms').includes('PLAIN')) return users;
  const name = `listener.name.${settings.listener.toLowerCase()}.plain.sasl.jaas.config`;
  const text = settings.ofMechanism('plain', 'sasl.jaas.config');
  if (text === undefined) throw settings.fail('sasl.enabled.mechanisms', `PLAIN needs its users in ${name}`);
  try {
    const { module, options } = parseJaas(text);
    if (module !== PLAIN_MODULE) throw new Error(`${module} is not ${PLAIN_MODULE}`);
    for (const [key, value] of options) if (key.startsWith('user_')) users.set(key.slice('user_'.length), value);
    return users;
  } catch (error) {
    throw settings.fail(name, (error as Error).message);
  }
}
