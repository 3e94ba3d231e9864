/** `--ack-pattern`: how records are acknowledged in turn. Mirrors VerifiableShareConsumer.parseAckPattern. */
import { type Arguments, refused } from '../../../cli/argparse/index.js';
import { CommandError } from '../../../cli/errors.js';
import type { Io } from '../../../cli/io.js';
import { Acknowledge } from '../../../client/consumer/share-fetched.js';
import { uncaughtClass } from '../../shared/uncaught.js';
import { parser } from './parser.js';

const TYPES: ReadonlyMap<string, number> = new Map([
  ['ACCEPT', Acknowledge.accept],
  ['RELEASE', Acknowledge.release],
  ['REJECT', Acknowledge.reject],
]);
const RENEW = 'RENEW';

/** The pattern's answers, by offset modulo its length; empty where every record is accepted. */
export function readAckPattern(args: Arguments, io: Io): number[] {
  const text = args.text('ack-pattern') as string;
  const names = text === '' ? [] : splitJava(text).map((name) => name.trim().toUpperCase());
  for (const name of names) {
    if (TYPES.has(name) || name === RENEW) continue;
    const why = `No enum constant org.apache.kafka.clients.consumer.AcknowledgeType.${name}`;
    throw uncaughtClass('java.lang.IllegalArgumentException', why);
  }
  if (names.length === 0) return [];
  if ((args.text('acknowledgement-mode') as string).toUpperCase() === 'AUTO') {
    throw refused(parser, "--ack-pattern requires --acknowledgement-mode to be 'sync' or 'async', not 'auto'", io);
  }
  if (names.every((name) => name === RENEW)) {
    const why =
      "--ack-pattern must contain at least one non-RENEW type; a pattern of only 'renew' would re-deliver every record " +
      'indefinitely without ever resolving it';
    throw refused(parser, why, io);
  }
  if (names.includes(RENEW)) {
    throw new CommandError("--ack-pattern: 'renew' is not supported: use accept, release and reject");
  }
  return names.map((name) => TYPES.get(name) as number);
}

/** As String.split: what is empty at the end is dropped. */
function splitJava(text: string): string[] {
  const parts = text.split(',');
  while (parts.length > 0 && parts.at(-1) === '') parts.pop();
  return parts;
}

/** "RELEASE", as events count it. */
export const acknowledgementName = (type: number): string | undefined =>
  [...TYPES].find(([, value]) => value === type)?.[0];
