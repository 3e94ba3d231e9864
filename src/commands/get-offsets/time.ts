import {
  EARLIEST,
  EARLIEST_LOCAL,
  EARLIEST_PENDING_UPLOAD,
  LATEST,
  LATEST_TIERED,
  MAX_TIMESTAMP,
} from '../../client/admin/list-offsets.js';
import { integerValue } from '../../java/integer.js';
import { occurred } from './filter.js';

const NAMES: Readonly<Record<string, bigint>> = {
  latest: LATEST,
  earliest: EARLIEST,
  'max-timestamp': MAX_TIMESTAMP,
  'earliest-local': EARLIEST_LOCAL,
  'latest-tiered': LATEST_TIERED,
  'earliest-pending-upload': EARLIEST_PENDING_UPLOAD,
};

/** `--time`: a name, the name's number, or milliseconds. */
export function timeOf(text: string): bigint {
  const named = Object.hasOwn(NAMES, text) ? NAMES[text] : undefined;
  if (named !== undefined) return named;
  const time = integerValue(text, 64);
  if (time !== undefined) return time;
  const names = Object.entries(NAMES).map(([name, number]) => `${number} or ${name}`);
  throw occurred(
    `Malformed time argument ${text}. Please use ${names.join(' / ')}, or a specified long format timestamp`,
  );
}
