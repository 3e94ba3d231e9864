/** Startup notes on configs that were given but are unknown, or have no effect on a single node. */
import { isSetting } from './environment.js';
import { isPublic, type Listeners } from './listeners.js';

const NOT_NEEDED = [
  /^controller\.quorum\./,
  /^replica\./,
  /^replication\.quota\./,
  /^alter\.log\.dirs\./,
  /^num\.(io|network|replica\.fetchers|replica\.alter\.log\.dirs|recovery)/,
  /^(background|log\.cleaner)\.threads$/,
  /^broker\.(heartbeat\.interval|session\.timeout)\.ms$/,
  /^(auto\.leader\.rebalance|leader\.imbalance)\./,
  /^(inter\.broker\.listener\.name|security\.inter\.broker\.protocol)$/,
  /^sasl\.mechanism\.(inter\.broker|controller)\.protocol$/,
  /^remote\./,
  /^(kafka\.metrics|metrics|metric)\./,
  /^log\.flush\./,
];
const REPLICATION = /(^default|topic)\.replication\.factor$|\.min\.isr$/;

/** One line per kind of note. */
export function settingNotes(given: ReadonlyMap<string, string>, from: Listeners): string[] {
  const notes: string[] = [];
  const add = (names: readonly string[], what: string) => {
    if (names.length > 0) notes.push(`${what}: ${names.join(', ')}`);
  };
  const names = [...given.keys()];
  const known = names.filter(isSetting);
  add(
    names.filter((name) => !isSetting(name) && !name.startsWith('config.providers.')),
    'unknown settings, without effect',
  );
  add(
    known.filter((name) => NOT_NEEDED.some((pattern) => pattern.test(name))),
    'accepted, but without effect on a single node',
  );
  add(
    known.filter((name) => REPLICATION.test(name) && Number(given.get(name)) > 1),
    'a single node keeps one replica, regardless of',
  );
  add(from.controllerListeners, 'accepted, but not opened, as there is no other controller');
  const auth = given.get('ssl.client.auth') ?? 'none';
  const sasl = from.listeners.filter(
    ({ name, securityProtocol }) =>
      securityProtocol === 'SASL_SSL' && !given.has(`listener.name.${name.toLowerCase()}.ssl.client.auth`),
  );
  if (auth !== 'none')
    add(
      sasl.map(({ name }) => name),
      'ssl.client.auth only applies to SASL_SSL if set as listener.name.NAME.ssl.client.auth',
    );
  for (const listener of from.listeners) {
    if (isPublic(listener) && !given.has('advertised.listeners')) {
      notes.push(
        `listener ${listener.name} is open to other machines but advertises localhost to them: set advertised.listeners`,
      );
    }
  }
  const exposed = from.listeners.filter((listener) => isPublic(listener) && listener.securityProtocol === 'PLAINTEXT');
  if (exposed.length > 0 && (given.get('authorizer.class.name') ?? '') === '') {
    const names = exposed.map((listener) => listener.name).join(', ');
    notes.push(`warning: anyone who can reach this machine can read and write everything through ${names}`);
  }
  return notes;
}
