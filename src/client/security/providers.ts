/**
 * Secrets outside the properties: `${env:NAME}`, `${file:PATH:KEY}` and `${directory:PATH:FILE}`, resolved by the
 * providers listed in `config.providers`. Mirrors common/config/ConfigTransformer.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../../java/config-def.js';
import { type Properties, parseProperties } from '../../java/properties.js';

type Env = Readonly<Record<string, string | undefined>>;
/** Returns undefined for an unknown key. */
type Provider = (path: string, key: string, env: Env) => string | undefined;

const PACKAGE = 'org.apache.kafka.common.config.provider.';

const PROVIDERS: Readonly<Record<string, Provider>> = {
  EnvVarConfigProvider: (_path, key, env) => env[key],
  FileConfigProvider: (path, key) => parseProperties(read(path, 'latin1')).get(key),
  DirectoryConfigProvider: (path, key) => read(join(path, key), 'utf8'),
};

function read(path: string, encoding: 'latin1' | 'utf8'): string {
  try {
    return readFileSync(path, encoding);
  } catch (error) {
    throw new ConfigError(`Could not read ${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** `${provider:path:key}` or `${provider:key}` */
const REFERENCE = /\$\{([^}]*?):(?:([^}]*?):)?([^}]*?)\}/g;

/** The properties with all references replaced; an unresolvable reference is left unchanged, as in Java. */
export function resolveProviders(properties: Properties, env: Env): Properties {
  const names = (properties.get('config.providers') ?? '').split(',').map((name) => name.trim());
  // a provider without a class is ignored, as in Java
  const given = names.filter((name) => properties.has(`config.providers.${name}.class`));
  const providers = new Map(given.map((name) => [name, provider(properties, name)]));
  if (providers.size === 0) return properties;
  const resolve = (text: string) =>
    text.replace(REFERENCE, (whole, name: string, path: string | undefined, key: string) => {
      return providers.get(name)?.(path ?? '', key, env) ?? whole;
    });
  return new Map(
    [...properties].map(([key, value]) => [key, key.startsWith('config.providers') ? value : resolve(value)]),
  );
}

function provider(properties: Properties, name: string): Provider {
  const javaClass = properties.get(`config.providers.${name}.class`) as string;
  const found = javaClass.startsWith(PACKAGE) ? PROVIDERS[javaClass.slice(PACKAGE.length)] : undefined;
  if (found) return found;
  const known = Object.keys(PROVIDERS).map((known) => PACKAGE + known);
  throw new ConfigError(`config.providers.${name}.class is ${javaClass}; supported are ${known.join(', ')}`);
}
