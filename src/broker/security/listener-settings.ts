/** Security configs of one listener: `listener.name.NAME.X` takes precedence over `X`. */

import { parseConfig } from '../../java/config-def.js';
import { type BrokerConfig, ConfigError } from '../config/index.js';
import { brokerKey } from '../config/tables.js';

/** The configs as one listener sees them. */
export class ListenerSettings {
  readonly #prefix: string;
  constructor(
    private readonly config: BrokerConfig,
    readonly listener: string,
  ) {
    this.#prefix = `listener.name.${listener.toLowerCase()}.`;
  }

  /** The process's JAAS file. */
  get jaasFile(): string | undefined {
    return this.config.jaasFile;
  }

  /** The effective value, unparsed; undefined if unset and without a default. */
  text(name: string): string | undefined {
    const own = this.config.raw(this.#prefix + name);
    const value = own ?? (brokerKey(name) ? this.config.raw(name) : null);
    const key = brokerKey(name);
    if (value === null || !key) return value ?? undefined;
    return parseConfig(key, value).text ?? undefined;
  }

  /** The value set for this listener only; undefined if there is none. */
  ownText(name: string): string | undefined {
    return this.config.raw(this.#prefix + name) === null ? undefined : this.text(name);
  }

  list(name: string): string[] {
    return (this.text(name) ?? '')
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }

  /** A config of one mechanism: `listener.name.NAME.MECHANISM.X`. */
  ofMechanism(mechanism: string, name: string): string | undefined {
    return this.config.raw(`${this.#prefix}${mechanism.toLowerCase()}.${name}`) ?? undefined;
  }

  /** A numeric config of one mechanism, or else the listener's. Throws ConfigError. */
  numberOfMechanism(mechanism: string, name: string): number {
    const full = `${this.#prefix}${mechanism.toLowerCase()}.${name}`;
    const [raw, key] = [this.config.raw(full), brokerKey(full)];
    return Number(raw !== null && key ? parseConfig(key, raw).value : this.text(name));
  }

  /** The name under which the config is set for this listener, for messages. */
  name(name: string): string {
    return this.config.raw(this.#prefix + name) === null ? name : this.#prefix + name;
  }

  fail(name: string, why: string): ConfigError {
    return new ConfigError(`listener ${this.listener}: ${this.name(name)}: ${why}`);
  }
}
