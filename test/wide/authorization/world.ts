/** The state of both brokers before the frames are sent: topics, groups, a transaction, users and their permissions. */
import { ZERO_UUID } from '../../../src/protocol/wire/schema.js';

/** The resources named in the frames. Topic ids differ between the brokers. */
export interface World {
  readonly ids: { readonly open: string; readonly hidden: string; readonly missing: string };
}

export const MISSING_ID = '0123456789ABCDEFGHIJKA';
export const TOPICS = ['open', 'hidden'] as const;

export interface User {
  readonly name: string;
  /** its only permission */
  readonly right?: Right;
}
/** protocol constants */
export type Right = readonly [resourceType: number, name: string, patternType: number, operation: number];

const [TOPIC, GROUP, CLUSTER, TRANSACTIONAL_ID] = [2, 3, 4, 5];
const [LITERAL, PREFIXED] = [3, 4];
const [READ, WRITE, ALTER, DESCRIBE] = [3, 4, 7, 8];

export const USERS: readonly User[] = [
  { name: 'nobody' },
  { name: 'describer', right: [TOPIC, 'open', LITERAL, DESCRIBE] },
  { name: 'reader', right: [TOPIC, 'open', LITERAL, READ] },
  { name: 'writer', right: [TOPIC, 'open', LITERAL, WRITE] },
  { name: 'member', right: [GROUP, 'mine', PREFIXED, READ] },
  { name: 'transactor', right: [TRANSACTIONAL_ID, 'mine', PREFIXED, WRITE] },
  { name: 'observer', right: [CLUSTER, 'kafka-cluster', LITERAL, DESCRIBE] },
  { name: 'operator', right: [CLUSTER, 'kafka-cluster', LITERAL, ALTER] },
];

/** A user for requests that need two permissions. */
export const SUBSCRIBER = 'subscriber';
export const RIGHTS: readonly (readonly [user: string, right: Right])[] = [
  ...USERS.flatMap(({ name, right }) => (right ? [[name, right] as const] : [])),
  [SUBSCRIBER, [GROUP, 'mine', PREFIXED, READ]],
  [SUBSCRIBER, [TOPIC, 'open', LITERAL, DESCRIBE]],
];

/**
 * Normalizes a response: replaces topic ids by the topics they belong to, removes values specific to a broker (ports,
 * random ids, times), and sorts unordered lists.
 */
export function comparable(answer: unknown, world: World): unknown {
  const names = new Map<unknown, string>([
    [world.ids.open, 'id of open'],
    [world.ids.hidden, 'id of hidden'],
    [world.ids.missing, 'id of no topic'],
    [ZERO_UUID, 'no id'],
  ]);
  const visit = (value: unknown, field: string): unknown => {
    if (OWN.has(field)) return 'its own';
    if (field === 'sessionId' && value !== 0) return 'a session';
    if (typeof value === 'bigint') return `${value}n`;
    if (Buffer.isBuffer(value)) return `${value.length} bytes`;
    if (Array.isArray(value)) {
      return value.map((one) => visit(one, field)).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    }
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, visit(one, key)]));
    }
    return names.get(value) ?? value;
  };
  return visit(answer, '');
}

/** fields that depend on the broker or the clock */
const OWN = new Set([
  'throttleTimeMs',
  'port',
  'clusterId',
  'host',
  'producerId',
  'timestamp',
  'clientInstanceId',
  'finalizedFeaturesEpoch',
  'logDir',
  'usableBytes',
  'totalBytes',
  'logEndOffset',
  'lastFetchTimestamp',
  'lastCaughtUpTimestamp',
]);
