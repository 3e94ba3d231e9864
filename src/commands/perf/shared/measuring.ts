/** Flags and messages shared by the consumer and share consumer tests. */
import type { Options } from '../../../cli/flags.js';
import type { Io } from '../../../cli/io.js';
import { keyValues, propertiesFile } from '../../shared/properties-file.js';
import type { MEASURE_FLAGS } from '../consumer/flags.js';
import { mb, type Totals } from './consumer-stats.js';
import type { Measured } from './slo.js';
import { shownProperties, type Wanted, wanted } from './verdicts.js';

type MeasureOptions = Pick<Options<typeof MEASURE_FLAGS>, 'has' | 'value' | 'values' | 'usage'>;

/** Prints Java's deprecation warnings to stdout. */
export function warnDeprecated(options: MeasureOptions, io: Io): void {
  const deprecated = [
    ['messages', 'num-records'],
    ['consumer.config', 'command-config'],
  ] as const;
  for (const [old, now] of deprecated)
    if (options.has(old)) io.stdout.write(`Warning: --${old} is deprecated. Use --${now} instead.\n`);
}

/** The properties of the file, overridden by those of the command line. */
export function givenProperties(options: MeasureOptions): Map<string, string> {
  const file = options.has('consumer.config') ? options.value('consumer.config') : options.value('command-config');
  const properties = file === undefined ? new Map<string, string>() : propertiesFile(file);
  for (const [key, value] of keyValues(options.values('command-property'))) properties.set(key, value);
  return properties;
}

export const wantedRecords = (options: MeasureOptions): number =>
  Number(options.has('messages') ? options.value('messages') : options.value('num-records'));

export function reportingMs(options: MeasureOptions): number {
  const ms = Number(options.value('reporting-interval'));
  if (ms <= 0) throw new Error('Reporting interval must be greater than 0.');
  return ms;
}

export const tooFew = (timeoutMs: number): string =>
  `WARNING: Exiting before consuming the expected number of records: timeout (${timeoutMs} ms) exceeded. You can use the --timeout option to increase the timeout.\n`;

/** `--slo` and `--output` of a tool that measures rates only; `name` is the tool's. Throws UsageError. */
export const wantedRates = (name: string, options: MeasureOptions): Wanted =>
  wanted(
    { name, measures: ['rate'] },
    { slo: options.values('slo'), output: options.value('output'), metrics: options.has('print-metrics') },
    (why) => options.usage(why),
  );

/** Java's MB.sec and nMsg.sec. */
export function ratesOf({ bytes, records }: Totals, elapsedMs: number): Measured {
  const seconds = elapsedMs / 1000;
  return { recordsPerSec: records / seconds, mbPerSec: mb(bytes) / seconds };
}

/** For the JSON document. */
export const measureParameters = (options: MeasureOptions, properties: ReadonlyMap<string, string>) => ({
  'num-records': wantedRecords(options),
  timeout: Number(options.value('timeout')),
  properties: shownProperties(properties),
});
