/** The formatters, by their Java class names. */
import type { CoordinatorKind } from './coordinator-formatter.js';
import { DefaultFormatter } from './default-formatter.js';
import type { Formatter, FormatterOptions } from './formatter.js';
import { LoggingFormatter } from './logging-formatter.js';

const PACKAGE = 'org.apache.kafka.tools.consumer.';
const NO_OP: Formatter = { write() {} };

type Make = (options: FormatterOptions) => Formatter | Promise<Formatter>;

const coordinator =
  (kind: CoordinatorKind): Make =>
  async () =>
    (await import('./coordinator-formatter.js')).coordinatorFormatter(kind);

const BY_NAME: Readonly<Record<string, Make>> = {
  DefaultMessageFormatter: (options) => new DefaultFormatter(options),
  LoggingMessageFormatter: (options) => new LoggingFormatter(options),
  NoOpMessageFormatter: () => NO_OP,
  OffsetsMessageFormatter: coordinator('offsets'),
  GroupMetadataMessageFormatter: coordinator('groups'),
  ShareGroupMessageFormatter: coordinator('shares'),
  'group.share.ShareGroupStateMessageFormatter': coordinator('shareState'),
  TransactionLogMessageFormatter: coordinator('transactions'),
};

/** What 2.x and 3.x called them. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  'kafka.tools.DefaultMessageFormatter': 'DefaultMessageFormatter',
  'kafka.tools.LoggingMessageFormatter': 'LoggingMessageFormatter',
  'kafka.tools.NoOpMessageFormatter': 'NoOpMessageFormatter',
  'kafka.coordinator.group.GroupMetadataManager$OffsetsMessageFormatter': 'OffsetsMessageFormatter',
  'kafka.coordinator.group.GroupMetadataManager$GroupMetadataMessageFormatter': 'GroupMetadataMessageFormatter',
  'kafka.coordinator.transaction.TransactionLog$TransactionLogMessageFormatter': 'TransactionLogMessageFormatter',
};

/** undefined for a class there is none of. */
export function formatterClass(className: string): Make | undefined {
  const name = className.startsWith(PACKAGE) ? className.slice(PACKAGE.length) : OLD_NAMES[className];
  return name === undefined ? undefined : BY_NAME[name];
}
