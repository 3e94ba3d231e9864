/**
 * Notes on environment variables that have no effect although the user probably expects one. Other programs and
 * Kubernetes' service links use the KAFKA_ prefix too, so only names close to a config, or starting like one, are
 * reported.
 */

import { nearest } from '../../java/nearest.js';
import { isClientProperty } from '../../kafka/client-properties.js';
import { isSetting, settingName } from './environment.js';
import { brokerKeys } from './tables.js';

/** Maximum number of differing letters for a name to count as a typo of a config. */
const TYPO = 2;

/** Variables that Kafka's container images support besides configs, and ts-kafka does not. */
const OF_IMAGES: readonly RegExp[] = [
  // topic creation and ZooKeeper
  /^KAFKA_(CREATE_TOPICS|ZOOKEEPER_\w+|ADVERTISED_HOST_NAME|ADVERTISED_PORT)$/,
  // users, roles and key stores
  /^KAFKA_(CLIENT|INTER_BROKER|CONTROLLER)_(USERS?|PASSWORDS?|LISTENER_NAME)$/,
  /^KAFKA_(CERTIFICATE_PASSWORD|TLS_TYPE|TLS_CLIENT_AUTH|TLS_TRUSTSTORE_FILE)$/,
  /^KAFKA_SSL_(KEYSTORE_FILENAME|KEYSTORE_CREDENTIALS|KEY_CREDENTIALS|TRUSTSTORE_FILENAME|TRUSTSTORE_CREDENTIALS)$/,
  /^KAFKA_(KRAFT_BOOTSTRAP_SCRAM_USERS|INITIAL_CONTROLLERS|EXTRA_FLAGS)$/,
];
/**
 * Kubernetes' variables for a service called kafka or kafka-…: KAFKA_PORT=tcp://10.0.0.1:9092,
 * KAFKA_PORT_9092_TCP_ADDR, KAFKA_SERVICE_HOST
 */
const SERVICE_LINK = /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;

/** One line per kind, with the variables in the environment's order. Values are never shown. */
export function environmentNotes(env: Readonly<Record<string, string | undefined>>): string[] {
  const given = Object.entries(env).filter(([variable, value]) => value && isOurs(variable, value));
  const others = given.map(([variable]) => variable).filter((variable) => OF_IMAGES.some((one) => one.test(variable)));
  const similar = given.flatMap(([variable]) => (others.includes(variable) ? [] : looksLike(variable)));
  const notes: string[] = [];
  if (similar.length > 0)
    notes.push(`unknown variables that look like settings, without effect: ${similar.join(', ')}`);
  if (others.length > 0) notes.push(`variables of other images, without effect here: ${others.join(', ')}`);
  return notes;
}

const isOurs = (variable: string, value: string): boolean =>
  variable.startsWith('KAFKA_') &&
  !variable.startsWith('KAFKA_CFG_') &&
  !SERVICE_LINK.test(variable) &&
  !/^(tcp|udp|sctp):\/\//.test(value);

/** The variable with the config it probably means; [] if it is a valid config, or unlike any. */
function looksLike(variable: string): string[] {
  const name = settingName(variable.slice('KAFKA_'.length));
  if (!name.includes('.') || isSetting(name) || isClientProperty(name)) return [];
  const meant = nearest(name, brokerKeys.keys(), TYPO);
  if (meant !== undefined) return [`${variable} (${meant}?)`];
  const prefix = name.split('.').slice(0, 2).join('.');
  return name !== prefix && [...brokerKeys.keys()].some((key) => key.startsWith(`${prefix}.`)) ? [variable] : [];
}
