/** The broker's security as one part: the authorizer, kept up with the metadata log, and what SASL listeners check users by. */
import { accessControlEntryRecord, removeAccessControlEntryRecord } from '../../protocol/messages/metadata-records.js';
import type { MessageOf } from '../../protocol/wire/schema.js';
import type { Broker, MetadataRecord, Part } from '../api.js';
import type { SaslOffer } from './authentication.js';
import { Authorizer } from './authorizer.js';
import { jaasUsers } from './jaas-users.js';
import { ListenerSettings } from './listener-settings.js';
import { sameSecret } from './plain.js';
import { type Credentials, saslServer } from './sasl.js';

export class Security implements Part {
  /** undefined: everything is allowed */
  readonly authorizer: Authorizer | undefined;
  readonly #broker: Broker;
  #unsubscribe = () => {};

  constructor(broker: Broker) {
    this.#broker = broker;
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
      } else if (message === removeAccessControlEntryRecord) this.authorizer?.outdated(() => metadata.acls.values());
    });
  }

  stop(): void {
    this.#unsubscribe();
  }

  /** What a SASL listener offers its clients. */
  saslOffer(listener: string): SaslOffer {
    const settings = new ListenerSettings(this.#broker.config, listener);
    const users = jaasUsers(settings);
    const credentials: Credentials = {
      plain: (user, password) => sameSecret(users.get(user) ?? '', password) && users.has(user),
      scram: (mechanism, user) => this.#broker.metadata.scramCredentials.get(`${mechanism} ${user}`),
    };
    return {
      mechanisms: settings.list('sasl.enabled.mechanisms'),
      server: (mechanism) => saslServer(mechanism, credentials),
      lifetimeMs: (mechanism) =>
        Number(
          settings.ofMechanism(mechanism, 'connections.max.reauth.ms') ?? settings.text('connections.max.reauth.ms'),
        ),
      maxToken: Number(settings.text('sasl.server.max.receive.size')),
    };
  }
}

export const security = (broker: Broker): Security => new Security(broker);
