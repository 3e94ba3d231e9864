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

/** undefined for a class there is none of. */
export const formatterClass = (className: string): Make | undefined =>
  className.startsWith(PACKAGE) ? BY_NAME[className.slice(PACKAGE.length)] : undefined;
