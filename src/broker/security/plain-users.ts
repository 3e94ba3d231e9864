/** A listener's users of SASL PLAIN, as its settings change while the broker runs. */
import { type BrokerConfig, ConfigError } from '../config/index.js';
import { jaasUsers } from './jaas-users.js';
import { ListenerSettings } from './listener-settings.js';

type Users = ReadonlyMap<string, string>;

export class PlainUsers {
  readonly #settings: ListenerSettings;
  readonly #warn: (line: string) => void;
  /** the settings' text that was read last, good or bad */
  #read: string;
  #users: Users;

  /** Begins with the users of server.properties, which were good when the broker started. */
  constructor(config: BrokerConfig, listener: string, warn: (line: string) => void) {
    this.#settings = new ListenerSettings(config, listener);
    this.#warn = warn;
    const fixed = new ListenerSettings(config.withoutDynamic(), listener);
    this.#read = textOf(fixed);
    this.#users = this.#readUsers(fixed) ?? new Map();
  }

  /** The users now. A dynamic value that cannot be read is warned of once, and the users before it stay. */
  current(): Users {
    const text = textOf(this.#settings);
    if (text === this.#read) return this.#users;
    this.#read = text;
    this.#users = this.#readUsers(this.#settings) ?? this.#users;
    return this.#users;
  }

  #readUsers(settings: ListenerSettings): Users | undefined {
    try {
      return jaasUsers(settings);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.#warn(`${error.message}: the users of listener ${settings.listener} stay as they were`);
      return undefined;
    }
  }
}

const textOf = (settings: ListenerSettings): string =>
  `${settings.text('sasl.enabled.mechanisms')}\n${settings.ofMechanism('plain', 'sasl.jaas.config')}`;
