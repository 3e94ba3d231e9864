/** A listener's SASL/PLAIN users, updated when its configs change dynamically. */
import { type BrokerConfig, ConfigError } from '../config/index.js';
import { jaasUsers } from './jaas-users.js';
import { ListenerSettings } from './listener-settings.js';

type Users = ReadonlyMap<string, string>;

/** The users of one listener. */
export class PlainUsers {
  readonly #settings: ListenerSettings;
  readonly #warn: (line: string) => void;
  /** the configs' last value, valid or not */
  #read: string;
  #users: Users;

  /** Starts with the users of server.properties, which were validated at startup. */
  constructor(config: BrokerConfig, listener: string, warn: (line: string) => void) {
    this.#settings = new ListenerSettings(config, listener);
    this.#warn = warn;
    const fixed = new ListenerSettings(config.withoutDynamic(), listener);
    this.#read = textOf(fixed);
    this.#users = this.#readUsers(fixed) ?? new Map();
  }

  /** The current users. An invalid dynamic value is logged once, and the previous users stay in effect. */
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
