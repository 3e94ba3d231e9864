/**
 * SASL/PLAIN users: `user_NAME="password"` in the listener's sasl.jaas.config, or else in the JAAS file of KAFKA_OPTS.
 * Mirrors PlainServerCallbackHandler and JaasContext.loadServerContext.
 */
import { JaasError } from '../../security/errors.js';
import { type LoginModule, parseJaasConfig } from '../../security/jaas.js';
import { jaasSection } from '../../security/jaas-file.js';
import { ConfigError } from '../config/index.js';
import type { ListenerSettings } from './listener-settings.js';

const PLAIN_MODULE = 'PlainLoginModule';
const USER = 'user_';

/** Throws ConfigError if PLAIN is enabled without any user. */
export function jaasUsers(settings: ListenerSettings): Map<string, string> {
  const users = new Map<string, string>();
  if (!settings.list('sasl.enabled.mechanisms').includes('PLAIN')) return users;
  for (const { options } of plainModules(settings)) {
    for (const [key, value] of Object.entries(options)) {
      const user = key.slice(USER.length);
      // the first login module that has the user takes precedence
      if (key.startsWith(USER) && !users.has(user)) users.set(user, value);
    }
  }
  return users;
}

function plainModules(settings: ListenerSettings): readonly LoginModule[] {
  const listener = settings.listener.toLowerCase();
  const name = `listener.name.${listener}.plain.sasl.jaas.config`;
  const text = settings.ofMechanism('plain', 'sasl.jaas.config');
  const { jaasFile } = settings;
  if (text === undefined && jaasFile === undefined) {
    throw settings.fail(
      'sasl.enabled.mechanisms',
      `PLAIN needs its users in ${name}, or in the file of KAFKA_OPTS=-Djava.security.auth.login.config=FILE`,
    );
  }
  try {
    const modules =
      text === undefined
        ? jaasSection(jaasFile, 'KafkaServer', `${listener}.KafkaServer`)
        : [parseJaasConfig(text, name)];
    const plain = modules.filter((module) => module.name === PLAIN_MODULE);
    if (plain.length > 0) return plain;
    const found = modules.map((module) => module.name).join(', ') || 'nothing';
    throw new JaasError(`${text === undefined ? jaasFile : name}: ${found} is not ${PLAIN_MODULE}`);
  } catch (error) {
    throw error instanceof JaasError ? new ConfigError(error.message) : error;
  }
}
