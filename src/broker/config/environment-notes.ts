/**
 * Variables that somebody counts on and that have no effect. KAFKA_ is a prefix of other programs too, and of Kubernetes'
 * service links, so only what looks like a setting is named: letters off, or begun like one.
 */

import { nearest } from '../../java/nearest.js';
import { isClientProperty } from '../../kafka/client-properties.js';
import { isSetting, settingName } from './environment.js';
import { brokerKeys } from './tables.js';

/** Letters that a name may be off to count as a setting's. */
const TYPO = 2;

/** What images of Kafka take besides settings, and is not done here. */
const OF_IMAGES: readonly RegExp[] = [
  // topics and ZooKeeper
  /^KAFKA_(CREATE_TOPICS|ZOOKEEPER_\w+|ADVERTISED_HOST_NAME|ADVERTISED_PORT)$/,
  // users, roles and stores by variables
  /^KAFKA_(CLIENT|INTER_BROKER|CONTROLLER)_(USERS?|PASSWORDS?|LISTENER_NAME)$/,
  /^KAFKA_(CERTIFICATE_PASSWORD|TLS_TYPE|TLS_CLIENT_AUTH|TLS_TRUSTSTORE_FILE)$/,
  /^KAFKA_SSL_(KEYSTORE_FILENAME|KEYSTORE_CREDENTIALS|KEY_CREDENTIALS|TRUSTSTORE_FILENAME|TRUSTSTORE_CREDENTIALS)$/,
  /^KAFKA_(KRAFT_BOOTSTRAP_SCRAM_USERS|INITIAL_CONTROLLERS|EXTRA_FLAGS)$/,
];
/** KAFKA_PORT=tcp://10.0.0.1:9092, KAFKA_PORT_9092_TCP_ADDR, KAFKA_SERVICE_HOST: a service called kafka, or kafka-something */
const SERVICE_LINK = /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;

/** One line a kind, the variables in the order of the environment. Values are never shown. */
export function environmentNotes(env: Readonly<Record<string, string | undefined>>): string[] {
  const given = Object.entries(env).filter(([variable, value]) => value && isOurs(variable, value));
  const others = given.map(([variable]) => variable).filter((variable) => OF_IMAGES.some((one) => one.test(variable)));
  const alike = given.flatMap(([variable]) => (others.includes(variable) ? [] : looksLike(variable)));
  const notes: string[] = [];
  if (alike.length > 0) notes.push(`unknown variables that look like settings, without effect: ${alike.join(', ')}`);
  if (others.length > 0) notes.push(`variables of other images, without effect here: ${others.join(', ')}`);
  return notes;
}

const isOurs = (variable: string, value: string): boolean =>
  variable.startsWith('KAFKA_') &&
  !variable.startsWith('KAFKA_CFG_') &&
  !SERVICE_LINK.test(variable) &&
  !/^(tcp|udp|sctp):\/\//.test(value);

/** The variable, and what was probably meant; [] where it is a setting, or nothing like one. */
function looksLike(variable: string): string[] {
  const name = settingName(variable.slice('KAFKA_'.length));
  if (!name.includes('.') || isSetting(name) || isClientProperty(name)) return [];
  const meant = nearest(name, brokerKeys.keys(), TYPO);
  if (meant !== undefined) return [`${variable} (${meant}?)`];
  const begun = name.split('.').slice(0, 2).join('.');
  return name !== begun && [...brokerKeys.keys()].some((key) => key.startsWith(`${begun}.`)) ? [variable] : [];
}
