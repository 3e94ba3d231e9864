/**
 * The broker's security component: the authorizer, kept in sync with the metadata log, and the credentials of SASL
 * listeners.
 */
import { accessControlEntryRecord, removeAccessControlEntryRecord } from '../../protocol/messages/metadata-records.js';
import type { MessageOf } from '../../protocol/wire/schema.js';
import type { Broker, Component, MetadataRecord } from '../api.js';
import type { SaslOffer } from './authentication.js';
import { Authorizer } from './authorizer.js';
import { AuthorizerLog } from './authorizer-log.js';
import { ListenerSettings } from './listener-settings.js';
import { sameSecret } from './plain.js';
import { PlainUsers } from './plain-users.js';
import { type PrincipalRules, principalRules } from './principal-rules.js';
import { saslServer } from './sasl.js';
import type { Credentials } from './sasl-server.js';

/** The security of one broker. */
export class Security implements Component {
  /** undefined: no authorizer, everything is allowed */
  readonly authorizer: Authorizer | undefined;
  readonly log: AuthorizerLog;
  readonly #broker: Broker;
  readonly #users = new Map<string, PlainUsers>();
  readonly #rules = new Map<string, PrincipalRules>();
  #unsubscribe = () => {};

  constructor(broker: Broker) {
    this.#broker = broker;
    this.log = new AuthorizerLog(broker);
    const { config } = broker;
    if (config.setting('authorizer.class.name') === '') return;
    const superUsers = (config.properties.get('super.users') ?? '').split(';').map((user) => user.trim());
    const allowWithoutAcl = config.properties.get('allow.everyone.if.no.acl.found')?.trim().toLowerCase() === 'true';
    this.authorizer = new Authorizer(new Set(superUsers.filter((user) => user !== '')), allowWithoutAcl);
  }

  start(): void {
    const { metadata } = this.#broker;
    this.authorizer?.load(metadata.acls.values());
    this.#unsubscribe = metadata.onRecord(({ message, value }: MetadataRecord) => {
      if (message === accessControlEntryRecord) {
        this.authorizer?.add(value as MessageOf<typeof accessControlEntryRecord>);
      } else if (message === removeAccessControlEntryRecord) this.authorizer?.invalidate(() => metadata.acls.values());
    });
  }

  stop(): void {
    this.#unsubscribe();
  }

  /** A listener's ssl.principal.mapping.rules. */
  principalRules(listener: string): PrincipalRules {
    let rules = this.#rules.get(listener);
    if (!rules)
      this.#rules.set(listener, (rules = principalRules(new ListenerSettings(this.#broker.config, listener))));
    return rules;
  }

  /** A SASL listener's configuration for a new connection. */
  saslOffer(listener: string): SaslOffer {
    const settings = new ListenerSettings(this.#broker.config, listener);
    const users = this.#usersOf(listener);
    const credentials: Credentials = {
      plain: (user, password) => sameSecret(users.get(user) ?? '', password) && users.has(user),
      scram: (mechanism, user) => this.#broker.metadata.scramCredentials.get(`${mechanism} ${user}`),
    };
    return {
      mechanisms: settings.list('sasl.enabled.mechanisms'),
      server: (mechanism) => saslServer(mechanism, credentials),
      lifetimeMs: (mechanism) => settings.numberOfMechanism(mechanism, 'connections.max.reauth.ms'),
      maxReceive: Number(settings.text('sasl.server.max.receive.size')),
    };
  }

  #usersOf(listener: string): ReadonlyMap<string, string> {
    let users = this.#users.get(listener);
    if (!users) {
      users = new PlainUsers(this.#broker.config, listener, (line) => this.#broker.warn(line));
      this.#users.set(listener, users);
    }
    return users.current();
  }
}

/** Obtained with `broker.component(security)`. */
export const security = (broker: Broker): Security => new Security(broker);
