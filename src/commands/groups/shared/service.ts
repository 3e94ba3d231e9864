import type { Io } from '../../../cli/io.js';
import { CONSUMER_GROUPS, listGroups } from '../../../client/admin/groups.js';
import type { Cluster } from '../../../client/cluster/types.js';
import { executionException, runtimeException } from '../../../java/exceptions.js';
import { hashOrderBy, javaHash } from '../../../java/hash-order.js';
import { nearest } from '../../../java/nearest.js';
import { Errors, KafkaError } from '../../../protocol/errors.js';
import type { GroupOptions } from '../consumer/flags.js';

/** What every action of a tool for groups works with. */
export interface GroupService {
  readonly cluster: Cluster;
  readonly io: Io;
  /** bound of each question to the cluster, ms */
  readonly timeoutMs: number;
}

/** What every action of this tool works with. */
export interface Service extends GroupService {
  readonly options: GroupOptions;
}

/** Names in the order of a java.util.HashMap. */
export const groupOrder = <T>(items: Iterable<T>, name: (item: T) => string): T[] =>
  hashOrderBy([...items], (item) => javaHash(name(item)));

/** Waits as `new RuntimeException(future.get())` does: what fails says so in Java's nested words. */
export const nested = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error) => {
    throw runtimeException(executionException(error));
  });

/** The ids of all consumer groups. */
export async function allGroups({ cluster, timeoutMs }: Service): Promise<string[]> {
  const groups = await nested(listGroups(cluster, CONSUMER_GROUPS, timeoutMs));
  return groupOrder(
    groups.map((group) => group.groupId),
    (id) => id,
  );
}

/** The groups that were named, each once, or all of them. */
export const chosenGroups = async (service: Service): Promise<string[]> =>
  service.options.has('all-groups') ? allGroups(service) : [...new Set(service.options.values('group'))];

/** What the tool calls an error: on stdout, after an empty line. */
export const errorText = (message: string): string => `\nError: ${message}\n`;

export const isUnknown = (error: unknown): boolean =>
  error instanceof KafkaError && error.code === Errors.GROUP_ID_NOT_FOUND;

/** On a terminal, the groups that were probably meant by those that are not there; never a reason to fail. */
export async function hintGroups(service: Service): Promise<void> {
  const { io, options } = service;
  if (!io.isTTY.stderr) return;
  const known: string[] = await allGroups(service).catch(() => []);
  const unknown = options.values('group').filter((name) => !known.includes(name));
  const { errorText: painted } = await import('../../../cli/ui.js');
  for (const meant of new Set(unknown.map((name) => nearest(name, known)))) {
    if (meant !== undefined) io.stderr.write(painted('', `Did you mean ${meant}?`, io.env));
  }
}
