/** `sasl.*` properties as kafkajs's sasl option. */
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { ConfigError } from '../../java/config-def.js';
import type { Properties } from '../../java/properties.js';
import { ClientCreationError } from '../../kafka/client-settings.js';
import { JaasError } from '../../security/errors.js';
import { type LoginModule, parseJaasConfig } from '../../security/jaas.js';
import { jaasFileOf, jaasSection } from '../../security/jaas-file.js';
import type { SaslOptions } from '../cluster/kafkajs-connection.js';
import { oauthBearer } from './oauth.js';

type Env = Readonly<Record<string, string | undefined>>;

const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'];

/** The login module of each mechanism. */
const MODULES: Readonly<Record<string, string>> = {
  PLAIN: 'PlainLoginModule',
  'SCRAM-SHA-256': 'ScramLoginModule',
  'SCRAM-SHA-512': 'ScramLoginModule',
  OAUTHBEARER: 'OAuthBearerLoginModule',
};

/** kafkajs's sasl option. Throws ConfigError for an unsupported mechanism or an invalid JAAS configuration. */
export function readSasl(properties: Properties, env: Env, tls: TlsOptions | null): SaslOptions {
  // GSSAPI is Kafka's default
  const mechanism = (properties.get('sasl.mechanism') ?? 'GSSAPI').trim().toUpperCase();
  if (!MECHANISMS.includes(mechanism)) {
    throw new ConfigError(`sasl.mechanism=${mechanism} is not supported; supported are ${MECHANISMS.join(', ')}`);
  }
  const module = loginModule(properties, env, mechanism);
  if (module.name !== MODULES[mechanism]) {
    throw new ClientCreationError(
      `The login module ${module.name} does not fit sasl.mechanism=${mechanism}, which takes ${MODULES[mechanism]}`,
    );
  }
  if (mechanism === 'OAUTHBEARER') return oauthBearer(module, properties, tls);
  const { username, password, tokenauth } = module.options;
  if (username === undefined || password === undefined) {
    throw new ClientCreationError(`The login module ${module.name} needs username and password`);
  }
  if (tokenauth === 'true') throw new ConfigError('Delegation tokens (tokenauth) are not supported');
  return { mechanism, username, password };
}

/** The login module for the mechanism, from `sasl.jaas.config` or else the JAAS file's KafkaClient section. */
function loginModule(properties: Properties, env: Env, mechanism: string): LoginModule {
  const inline = properties.get('sasl.jaas.config');
  if (inline !== undefined) return fitting(() => parseJaasConfig(inline));
  const modules = clientSection(env);
  const [first] = modules;
  if (first === undefined) throw new ClientCreationError("The 'KafkaClient' entry of the JAAS configuration is empty");
  return modules.find(({ name }) => name === MODULES[mechanism]) ?? first;
}

function clientSection(env: Env): readonly LoginModule[] {
  try {
    return jaasSection(jaasFileOf(env.KAFKA_OPTS), 'KafkaClient');
  } catch (error) {
    throw error instanceof JaasError ? new ClientCreationError(error.message) : error;
  }
}

function fitting(read: () => LoginModule): LoginModule {
  try {
    return read();
  } catch (error) {
    throw error instanceof JaasError ? new ConfigError(error.message) : error;
  }
}
