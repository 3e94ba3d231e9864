import { writeLines } from '../../../cli/io.js';
import { CONSUMER_GROUPS, type GroupListing, listGroups } from '../../../client/admin/groups.js';
import { executionException, JavaError } from '../../../java/exceptions.js';
import { wantsJson } from '../consumer/flags.js';
import { listJson } from '../consumer/json.js';
import { allGroups, groupOrder, type Service } from './service.js';

export async function run(service: Service): Promise<void> {
  const { cluster, options, io, timeoutMs } = service;
  const withType = options.has('type');
  const withState = options.has('state');
  if (!withType && !withState && !wantsJson(options)) {
    await writeLines(io.stdout, await allGroups(service));
    return;
  }
  // without a type filter groups of every type are listed, and the protocol type tells which are consumer groups
  const filter = {
    types: typesOf(options.value('type')),
    states: statesOf(options.value('state'), STATES),
    protocolTypes: CONSUMER_GROUPS.protocolTypes,
  };
  const groups = await listGroups(cluster, filter, timeoutMs).catch((error) => {
    throw executionException(error);
  });
  const ordered = groupOrder(groups, (group) => group.groupId);
  if (wantsJson(options)) return void io.stdout.write(listJson(ordered));
  await writeLines(io.stdout, table(ordered, withType, withState));
}

function table(groups: readonly GroupListing[], withType: boolean, withState: boolean): string[] {
  const width = Math.max(15, ...groups.map((group) => group.groupId.length)) + 10;
  const line = (id: string, type: string, state: string) => {
    const cells = [id.padEnd(width)];
    if (withType) cells.push(type.padEnd(20));
    if (withState) cells.push(state.padEnd(20));
    return cells.join(' ');
  };
  const rows = groups.map(({ groupId, type, state }) => line(groupId, type ?? 'Unknown', state ?? 'Unknown'));
  return [line('GROUP', 'TYPE', 'STATE'), ...rows];
}

const STATES = [
  'PreparingRebalance',
  'CompletingRebalance',
  'Stable',
  'Dead',
  'Empty',
  'Assigning',
  'Reconciling',
] as const;
const TYPES = ['Classic', 'Consumer'] as const;

/** Java's String.split: trailing empty parts are dropped, so that commas alone give nothing. */
const split = (input: string): string[] => (/^,+$/.test(input) ? [] : input.replace(/,+$/, '').split(','));

/** The states in a comma-separated list, in Kafka's spelling; empty for undefined. Throws JavaError for an unknown one. */
export function statesOf(input: string | undefined, states: readonly string[]): string[] {
  if (!input) return [];
  return pick(input, states, `Invalid state list '${input}'. Valid states are: ${states.join(', ')}`);
}

function typesOf(input: string | undefined): string[] {
  if (!input) return [];
  const valid = groupOrder(TYPES, (type) => type).join(', ');
  return pick(input, TYPES, `Invalid types list '${input}'. Valid types are: ${valid}`);
}

function pick(input: string, valid: readonly string[], complaint: string): string[] {
  return split(input).map((word) => {
    const known = valid.find((name) => name.toLowerCase() === word.trim().toLowerCase());
    if (known === undefined) throw new JavaError('java.lang.IllegalArgumentException', complaint);
    return known;
  });
}
