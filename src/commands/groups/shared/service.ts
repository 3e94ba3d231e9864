import type { Io } from '../../../cli/io.js';
import { CONSUMER_GROUPS, listGroups } from '../../../client/admin/groups.js';
import type { Cluster } from '../../../client/cluster/types.js';
import { executionException, runtimeException } from '../../../java/exceptions.js';
import { hashOrderBy, javaHash } from '../../../java/hash-order.js';
import { nearest } from '../../../java/nearest.js';
import { Errors, KafkaError } from '../../../protocol/errors.js';
import type { GroupOptions } from '../consumer/flags.js';

/** What the actions of every group tool need. */
export interface GroupService {
  readonly cluster: Cluster;
  readonly io: Io;
  /** timeout of each admin call, ms */
  readonly timeoutMs: number;
}

/** What the actions of kafka-consumer-groups.sh need. */
export interface Service extends GroupService {
  readonly options: GroupOptions;
}

/** Sorts items by name in the order of a java.util.HashMap. */
export const groupOrder = <T>(items: Iterable<T>, name: (item: T) => string): T[] =>
  hashOrderBy([...items], (item) => javaHash(name(item)));

/** Wraps a failure like Java's `new RuntimeException(e)` around what `future.get()` throws, for the same message. */
export const wrapErrors = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error) => {
    throw runtimeException(executionException(error));
  });

/** The ids of all consumer groups. */
export async function allGroups({ cluster, timeoutMs }: Service): Promise<string[]> {
  const groups = await wrapErrors(listGroups(cluster, CONSUMER_GROUPS, timeoutMs));
  return groupOrder(
    groups.map((group) => group.groupId),
    (id) => id,
  );
}

/** The groups named by --group, without duplicates, or all of them. */
export const chosenGroups = async (service: Service): Promise<string[]> =>
  service.options.has('all-groups') ? allGroups(service) : [...new Set(service.options.values('group'))];

/** An error as the group tools print it to stdout, after an empty line. */
export const errorBlock = (message: string): string => `\nError: ${message}\n`;

export const isUnknown = (error: unknown): boolean =>
  error instanceof KafkaError && error.code === Errors.GROUP_ID_NOT_FOUND;

/** On a terminal, suggests existing groups for misspelled ones. Never throws. */
export async function hintGroups(service: Service): Promise<void> {
  const { io, options } = service;
  if (!io.isTTY.stderr) return;
  const known: string[] = await allGroups(service).catch(() => []);
  const unknown = options.values('group').filter((name) => !known.includes(name));
  const { errorText: coloured } = await import('../../../cli/ui.js');
  for (const meant of new Set(unknown.map((name) => nearest(name, known)))) {
    if (meant !== undefined) io.stderr.write(coloured('', `Did you mean ${meant}?`, io.env));
  }
}
