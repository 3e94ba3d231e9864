/** From flags to settings: cross-flag rules, warnings and merging as in tools/ConsoleProducer's options. */
import { CommandError } from '../../../cli/errors.js';
import { checkHostPorts } from '../../shared/host-ports.js';
import { keyValues, propertiesFile } from '../../shared/properties-file.js';
import type { ProducerOptions } from './flags.js';
import type { Keep } from './json-lines.js';

export interface ProducerSettings {
  readonly topic: string;
  readonly bootstrap: string;
  readonly sync: boolean;
  readonly readerClass: string;
  readonly reader: ReadonlyMap<string, string>;
  readonly producer: ReadonlyMap<string, string>;
}

const DEPRECATED = [
  ['producer-property', 'command-property'],
  ['producer.config', 'command-config'],
  ['property', 'reader-property'],
] as const;

const TOGETHER = [
  ['command-config', 'producer.config'],
  ['command-property', 'producer-property'],
  ['reader-property', 'property'],
] as const;

/** Checks what goes together, and returns the warnings, which Java prints on stdout. Throws UsageError. */
export function checkOptions(options: ProducerOptions): string {
  options.required('topic');
  for (const [a, b] of TOGETHER) {
    if (options.has(a) && options.has(b))
      throw options.usage(`Options --${a} and --${b} cannot be specified together.`);
  }
  let warnings = '';
  for (const [old, now] of DEPRECATED) {
    if (options.has(old)) {
      warnings += `Warning: --${old} is deprecated and will be removed in a future version. Use --${now} instead.\n`;
    }
  }
  if (options.has('max-partition-memory-bytes')) {
    warnings +=
      'Warning: --max-partition-memory-bytes is deprecated and will be removed in Apache Kafka 5.0. Use --batch-size instead.\n';
  }
  return warnings;
}

const READING = ['line-reader', 'property', 'reader-property', 'reader-config'] as const;

/** What of JSON lines is kept; undefined: lines are read as Kafka's script reads them. Throws CommandError. */
export function jsonInput(options: ProducerOptions): Keep | undefined {
  if (!options.has('input')) {
    if (options.has('keep')) throw new CommandError('--keep goes with --input json only.');
    return undefined;
  }
  const format: string | undefined = options.value('input');
  if (format !== 'json') throw new CommandError(`--input takes json, not ${format}.`);
  const other = READING.find((name) => options.has(name));
  if (other) throw new CommandError(`--input json reads all of a record as it is: --${other} has no place there.`);
  const kept = options.values('keep').map((name) => name.trim());
  const unknown = kept.find((name) => name !== 'partition' && name !== 'timestamp');
  if (unknown !== undefined) throw new CommandError(`--keep takes partition and timestamp, not ${unknown}.`);
  return { partition: kept.includes('partition'), timestamp: kept.includes('timestamp') };
}

/** The bootstrap list, by its new or its old name. */
export function bootstrapOf(options: ProducerOptions): string {
  const name = options.has('bootstrap-server') ? 'bootstrap-server' : 'broker-list';
  const list: string = options.value(name) ?? '';
  checkHostPorts(list, (message) => options.usage(message));
  return list;
}

export function readerProperties(options: ProducerOptions): Map<string, string> {
  const file = options.value('reader-config');
  const properties = file === undefined ? new Map<string, string>() : propertiesFile(file);
  const given = options.has('property') ? options.values('property') : options.values('reader-property');
  for (const [key, value] of keyValues(given)) properties.set(key, value);
  return properties;
}

/** flag -> the setting it stands for, and the tool's default where it differs from what we do when nothing is said */
const MERGED = [
  ['timeout', 'linger.ms', undefined],
  ['request-required-acks', 'acks', undefined],
  ['request-timeout-ms', 'request.timeout.ms', undefined],
  ['message-send-max-retries', 'retries', '3'],
  ['retry-backoff-ms', 'retry.backoff.ms', undefined],
  ['socket-buffer-size', 'send.buffer.bytes', undefined],
  ['max-memory-bytes', 'buffer.memory', undefined],
  ['batch-size', 'batch.size', undefined],
  ['max-partition-memory-bytes', 'batch.size', undefined],
  ['metadata-expiry-ms', 'metadata.max.age.ms', undefined],
  ['max-block-ms', 'max.block.ms', undefined],
] as const;

/** The producer's settings: file, then properties, then flags. Throws FlagError for a flag that is no number. */
export function producerProperties(options: ProducerOptions): Map<string, string> {
  const file = options.has('producer.config') ? options.value('producer.config') : options.value('command-config');
  const properties = file === undefined ? new Map<string, string>() : propertiesFile(file);
  const given = options.has('producer-property')
    ? options.values('producer-property')
    : options.values('command-property');
  for (const [key, value] of keyValues(given)) properties.set(key, value);
  properties.set('compression.type', codec(options));
  if (!properties.has('client.id')) properties.set('client.id', 'console-producer');
  for (const [name, key, fallback] of MERGED) {
    if (options.has(name)) properties.set(key, String(options.value(name)));
    else if (fallback !== undefined && !properties.has(key)) properties.set(key, fallback);
  }
  return properties;
}

function codec(options: ProducerOptions): string {
  if (!options.has('compression-codec')) return 'none';
  return options.value('compression-codec') || 'gzip';
}
