/** Converts the arguments to settings. Mirrors ProducerPerformance.ConfigPostProcessor. */
import { randomUUID } from 'node:crypto';
import { type Arguments, refused } from '../../../cli/argparse/index.js';
import { CommandError } from '../../../cli/errors.js';
import type { Io } from '../../../cli/io.js';
import { javaText } from '../../../java/exceptions.js';
import { propertiesFile } from '../../shared/properties-file.js';
import { parser } from './parser.js';

export interface Settings {
  readonly topic: string;
  readonly records: number;
  readonly warmup: number;
  /** records per second; negative: unlimited */
  readonly throughput: number;
  readonly intervalMs: number;
  /** numbers below `range`, random or consecutive; undefined: no keys */
  readonly keys: { readonly range: number; readonly random: boolean } | undefined;
  /** seed of random keys and payloads */
  readonly seed: bigint;
  readonly properties: Map<string, string>;
  readonly transaction: { readonly id: string; readonly durationMs: number } | undefined;
}

const DEFAULT_DURATION = 3000;

export function readSettings(args: Arguments, io: Io): Settings {
  const refuse = (why: string) => refused(parser, why, io);
  const records = Number(args.long('num-records'));
  const warmup = Number(args.long('warmup-records'));
  const size = args.number('record-size');
  const duration = args.long('transaction-duration-ms');
  const intervalMs = Number(args.long('reporting-interval'));
  if (records <= 0) throw refuse('--num-records should be greater than zero.');
  if (warmup >= records) {
    throw refuse(
      'The value for --warmup-records must be strictly fewer than the number of records in the test, --num-records.',
    );
  }
  if (size !== undefined && size <= 0) throw refuse('--record-size should be greater than zero.');
  checkSources(args, refuse);
  if (duration !== undefined && duration <= 0n) throw refuse('--transaction-duration-ms should be greater than zero.');
  if (intervalMs <= 0) throw refuse('--reporting-interval should be greater than zero.');
  const keys = keySettings(args, refuse);
  const properties = producerProperties(args, io);
  const id = args.text('transactional-id') ?? properties.get('transactional.id');
  const transactional = id !== undefined || duration !== undefined;
  return {
    topic: args.text('topic') as string,
    records,
    warmup,
    throughput: args.number('throughput') as number,
    intervalMs,
    keys,
    seed: args.long('random-seed') as bigint,
    properties,
    transaction: transactional
      ? { id: id ?? `performance-producer-${randomUUID()}`, durationMs: Number(duration ?? DEFAULT_DURATION) }
      : undefined,
  };
}

function keySettings(args: Arguments, refuse: (why: string) => CommandError): Settings['keys'] {
  const range = args.number('record-key-range');
  const distribution = args.text('key-distribution');
  if (range !== undefined && range <= 0) throw refuse('--record-key-range should be greater than zero.');
  if (distribution === 'none') {
    if (range === undefined) return undefined;
    throw refuse("--key-distribution must be 'range' or 'random' when --record-key-range is specified.");
  }
  if (range !== undefined) return { range, random: distribution === 'random' };
  throw refuse("--record-key-range is required when --key-distribution is 'range' or 'random'.");
}

function checkSources(args: Arguments, refuse: (why: string) => CommandError): void {
  const sources = ['bootstrap-server', 'command-property', 'producer-props', 'producer.config', 'command-config'];
  if (!sources.some((name) => args.has(name))) {
    throw refuse(
      'At least one of --bootstrap-server, --command-property, --producer-props, --producer.config or --command-config must be specified.',
    );
  }
  for (const [one, other] of [
    ['command-property', 'producer-props'],
    ['command-config', 'producer.config'],
  ] as const) {
    if (args.has(one) && args.has(other)) throw refuse(`--${one} and --${other} cannot be specified together.`);
  }
}

function producerProperties(args: Arguments, io: Io): Map<string, string> {
  for (const [old, now] of [
    ['producer-props', 'command-property'],
    ['producer.config', 'command-config'],
  ] as const) {
    if (!args.has(old)) continue;
    const gone = 'has been deprecated and will be removed in a future version';
    io.stdout.write(`Option --${old} ${gone}. Use --${now} instead.\n`);
  }
  const properties = fileProperties(args.text('command-config') ?? args.text('producer.config'));
  const given = args.has('command-property') ? args.texts('command-property') : args.texts('producer-props');
  for (const text of given) {
    const [name, value, ...more] = text.replace(/=+$/, '').split('=');
    if (value === undefined || more.length > 0) {
      throw new CommandError(
        `Exception in thread "main" java.lang.IllegalArgumentException: Invalid property: ${text}`,
      );
    }
    properties.set(name as string, value);
  }
  const bootstrap = args.text('bootstrap-server');
  if (bootstrap !== undefined) properties.set('bootstrap.servers', bootstrap);
  if (!properties.has('client.id')) properties.set('client.id', 'perf-producer-client');
  return properties;
}

function fileProperties(file: string | undefined): Map<string, string> {
  if (file === undefined) return new Map();
  try {
    return propertiesFile(file);
  } catch (error) {
    throw new CommandError(`Exception in thread "main" ${javaText(error)}`);
  }
}
