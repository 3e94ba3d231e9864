/** From flags to settings, with the checks and in the order of tools/consumer/ConsoleConsumerOptions. */

import { CommandError } from '../../../cli/errors.js';
import { EARLIEST, LATEST } from '../../../client/consumer/consumer.js';
import { hashOrder } from '../../../java/hash-order.js';
import { integerValue } from '../../../java/integer.js';
import { keyValues, propertiesFile } from '../../shared/properties-file.js';
import type { ConsumerOptions } from './flags.js';
import { startsEarly, type WhatToRead, whatToRead } from './what-to-read.js';

export interface ConsumerSettings {
  /** looked at when the consumer is there, as in Java: throws FlagError when there are several */
  readonly topic: string | undefined;
  readonly include: string | undefined;
  readonly partition: number | undefined;
  /** an offset, EARLIEST or LATEST */
  readonly offset: number;
  readonly bootstrap: string;
  /** ms; undefined: as long as it takes */
  readonly timeoutMs: number | undefined;
  readonly skipOnError: boolean;
  readonly systestEvents: boolean;
  readonly consumer: ReadonlyMap<string, string>;
  readonly read: WhatToRead;
}

const RENAMED = [
  ['consumer-property', 'command-property'],
  ['consumer.config', 'command-config'],
] as const;

/** A flag and the one it is called now do not go together; the old one is said to be deprecated. */
export function checkRenamed<N extends string>(
  options: { has(name: N): boolean; usage(message: string): Error },
  renamed: readonly (readonly [old: N, now: N])[],
  say: (line: string) => void,
): void {
  for (const [old, now] of renamed) {
    if (options.has(old) && options.has(now)) {
      throw options.usage(`Options --${old} and --${now} cannot be specified together.`);
    }
  }
  for (const [old, now] of renamed) if (options.has(old)) say(deprecated(old, now));
}

/** Throws UsageError and FlagError. `say` prints warnings on stdout, at once: a later error does not take them back. */
export function consumerSettings(options: ConsumerOptions, say: (line: string) => void): ConsumerSettings {
  const include = options.has('include') ? 'include' : options.has('whitelist') ? 'whitelist' : 'include';
  options.exactlyOne('topic', include);
  const partition = options.value('partition');
  checkPartition(options, partition);
  options.required('bootstrap-server');
  checkRenamed(options, RENAMED, say);
  const consumer = consumerProperties(options, partition !== undefined);
  const offset = startOffset(options);
  const timeoutMs = options.value('timeout-ms');
  return {
    get topic() {
      return options.value('topic');
    },
    get include() {
      return options.value(include);
    },
    partition,
    offset,
    bootstrap: options.value('bootstrap-server') as string,
    timeoutMs: timeoutMs === undefined || timeoutMs < 0n ? undefined : Number(timeoutMs),
    skipOnError: options.has('skip-message-on-error'),
    systestEvents: options.has('enable-systest-events'),
    consumer,
    read: whatToRead(options, Date.now()),
  };
}

export const deprecated = (old: string, now: string): string =>
  `Option --${old} is deprecated and will be removed in a future version. Use --${now} instead.\n`;

function checkPartition(options: ConsumerOptions, partition: number | undefined): void {
  if (partition === undefined) {
    if (options.has('offset')) throw options.usage('The partition is required when offset is specified.');
    return;
  }
  if (!options.has('topic')) throw options.usage('The topic is required when partition is specified.');
  if (options.has('from-beginning') && options.has('offset')) {
    throw options.usage('Options from-beginning and offset cannot be specified together.');
  }
}

function consumerProperties(options: ConsumerOptions, assigned: boolean): Map<string, string> {
  const file = options.has('consumer.config') ? options.value('consumer.config') : options.value('command-config');
  const properties = file === undefined ? new Map<string, string>() : propertiesFile(file);
  const given = options.has('consumer-property')
    ? options.values('consumer-property')
    : options.values('command-property');
  const extra = new Map(keyValues(given));
  const places = [options.value('group'), properties.get('group.id'), extra.get('group.id')];
  const group = agreedGroup(places, 'consumer.config', (message) => options.usage(message));
  if (group !== undefined && assigned) {
    throw options.usage('Options group and partition cannot be specified together.');
  }
  for (const [key, value] of extra) properties.set(key, value);
  offsetReset(options, properties);
  if (!properties.has('client.id')) properties.set('client.id', 'console-consumer');
  if (options.has('isolation-level') || !properties.has('isolation.level')) {
    properties.set('isolation.level', options.value('isolation-level') as string);
  }
  if (group !== undefined) {
    properties.set('group.id', group);
  } else {
    // a group nobody will come back to need not keep offsets
    properties.set('group.id', `console-consumer-${Math.floor(Math.random() * 100000)}`);
    if (!properties.has('enable.auto.commit')) properties.set('enable.auto.commit', 'false');
  }
  return properties;
}

/** The group may be said in several places, if they agree; `config`: the old name of the flag for a file of settings. */
export function agreedGroup(
  places: readonly (string | undefined)[],
  config: string,
  usage: (message: string) => Error,
): string | undefined {
  const groups = [...new Set(places.filter((group): group is string => group !== undefined))];
  if (groups.length <= 1) return groups[0];
  const found = hashOrder(groups)
    .map((group) => `'${group}'`)
    .join(', ');
  throw usage(
    `The group ids provided in different places (directly using '--group', via '--consumer-property', or via '--${config}') do not match. Detected group ids: ${found}`,
  );
}

function offsetReset(options: ConsumerOptions, properties: Map<string, string>): void {
  const key = 'auto.offset.reset';
  const fromBeginning = options.has('from-beginning');
  const given = properties.get(key);
  if (given === undefined) properties.set(key, startsEarly(options) ? 'earliest' : 'latest');
  else if (fromBeginning && given !== 'earliest') {
    throw new CommandError(
      `Can't simultaneously specify --from-beginning and 'auto.offset.reset=${given}', please remove one option`,
    );
  }
}

function startOffset(options: ConsumerOptions): number {
  if (!options.has('offset')) return startsEarly(options) ? EARLIEST : LATEST;
  const text: string = options.value('offset');
  if (text.toLowerCase() === 'earliest') return EARLIEST;
  if (text.toLowerCase() === 'latest') return LATEST;
  const offset = integerValue(text, 64);
  // no log reaches 2^53: the broker will say that it is out of range
  if (offset !== undefined && offset >= 0n) return Math.min(Number(offset), Number.MAX_SAFE_INTEGER);
  throw options.usage(
    `The provided offset value '${text}' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long.`,
  );
}
