/** What a formatter is, and which there are by their Java class names. */
import type { RecordCursor } from '../../../protocol/records/layout.js';
import type { Output } from '../output.js';
import type { CoordinatorKind } from './coordinator-formatter.js';
import { DefaultFormatter } from './default-formatter.js';
import { LoggingFormatter } from './logging-formatter.js';

/** Where a record comes from. */
export interface RecordSource {
  readonly state: { readonly partition: number };
  readonly logAppendTime: boolean;
  /** how often a share group has delivered it */
  readonly deliveryCount?: number;
}

export interface Formatter {
  /** Prints the cursor's current record. Throws JavaError when it cannot. */
  write(cursor: RecordCursor, fetched: RecordSource, out: Output): void;
  /** prints values and line separators only, so that they can be moved together where they lie (plain.ts) */
  readonly plain?: { readonly separator: Buffer; readonly nullLiteral: Buffer };
}

export interface FormatterOptions {
  readonly properties: ReadonlyMap<string, string>;
  /** a line for stderr, as a log event */
  readonly log: (level: string, message: string, logger: string) => void;
}

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
