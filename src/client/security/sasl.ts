/** `sasl.*` properties as kafkajs's sasl option. */
import { readFileSync } from 'node:fs';
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { ConfigError } from '../../java/config-def.js';
import type { Properties } from '../../java/properties.js';
import { ClientCreationError } from '../../kafka/client-settings.js';
import { JaasError } from '../../security/errors.js';
import { type LoginModule, parseJaasConfig, parseJaasFile } from '../../security/jaas.js';
import type { SaslOptions } from '../cluster/kafkajs-connection.js';
import { oauthBearer } from './oauth.js';

type Env = Readonly<Record<string, string | undefined>>;

const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'];

/** The login module each mechanism takes its options from. */
const MODULES: Readonly<Record<string, string>> = {
  PLAIN: 'PlainLoginModule',
  'SCRAM-SHA-256': 'ScramLoginModule',
  'SCRAM-SHA-512': 'ScramLoginModule',
  OAUTHBEARER: 'OAuthBearerLoginModule',
};

export function readSasl(properties: Properties, env: Env, tls: TlsOptions | null): SaslOptions {
  // GSSAPI is what Java takes when nothing is said
  const mechanism = (properties.get('sasl.mechanism') ?? 'GSSAPI').trim().toUpperCase();
  if (!MECHANISMS.includes(mechanism)) {
    throw new ConfigError(`sasl.mechanism=${mechanism} is not supported; supported are ${MECHANISMS.join(', ')}`);
  }
  const module = fitting(() => loginModule(properties, env));
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

/** From `sasl.jaas.config`, else from the file of -Djava.security.auth.login.config in KAFKA_OPTS. */
function loginModule(properties: Properties, env: Env): LoginModule {
  const inline = properties.get('sasl.jaas.config');
  if (inline !== undefined) return parseJaasConfig(inline);
  const file = jaasFile(env.KAFKA_OPTS ?? '');
  if (file === undefined) {
    throw new ClientCreationError(
      "Could not find a 'KafkaClient' entry in the JAAS configuration. System property 'java.security.auth.login.config' is not set",
    );
  }
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ClientCreationError(`Could not read ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
  const module = parseJaasFile(text, 'KafkaClient', file);
  if (module) return module;
  throw new ClientCreationError(`Could not find a 'KafkaClient' entry in the JAAS configuration ${file}`);
}

/** The value may be quoted, in whole or behind the equals sign, as in a shell. */
function jaasFile(options: string): string | undefined {
  const match = /-Djava\.security\.auth\.login\.config==?(?:"([^"]+)"|'([^']+)'|([^\s"']+))/.exec(options);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

function fitting(read: () => LoginModule): LoginModule {
  try {
    return read();
  } catch (error) {
    throw error instanceof JaasError ? new ConfigError(error.message) : error;
  }
}
