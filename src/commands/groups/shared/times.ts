/** Parses `--to-datetime` and `--by-duration`; results are in milliseconds. */
import { JavaError, runtimeException } from '../../../java/exceptions.js';

const parseError = (message: string): JavaError => runtimeException(new JavaError('java.text.ParseException', message));

const DATE_TIME = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)\.(\d+)(Z|([+-])(\d\d)(?::([0-5]\d))?)/;
/** range of zone offsets in java.util.GregorianCalendar, in minutes */
const EASTMOST = 14 * 60;
const WESTMOST = -13 * 60;

/** Parses "2026-01-31T12:00:00.000" with an optional "Z", "+01:00" or "+01" (default: UTC). Milliseconds since the epoch. */
export function timestampMs(text: string): bigint {
  // as in String.split, a trailing T separates nothing
  const time = text.replace(/T+$/, '').split('T')[1];
  if (time === undefined) {
    throw parseError("Error parsing timestamp. It does not contain a 'T' according to ISO8601 format");
  }
  const zoned = /[+\-Z]/.test(time) ? text : `${text}Z`;
  const match = DATE_TIME.exec(zoned);
  const [year, month, day, hours, minutes, seconds, ms] = (match ?? []).slice(1, 8).map(Number);
  const utc = new Date(0);
  utc.setUTCFullYear(year ?? NaN, (month ?? NaN) - 1, day);
  utc.setUTCHours(hours ?? NaN, minutes, seconds, ms);
  const asGiven = [
    utc.getUTCMonth() + 1,
    utc.getUTCDate(),
    utc.getUTCHours(),
    utc.getUTCMinutes(),
    utc.getUTCSeconds(),
  ];
  // a month of 13 or an hour of 25 must not roll over
  const exists = year !== 0 && asGiven.join() === [month, day, hours, minutes, seconds].join() && (ms ?? 0) <= 999;
  const zone = match ? zoneMinutes(match) : undefined;
  if (!exists || zone === undefined) throw parseError(`Unparseable date: "${zoned}"`);
  return BigInt(utc.getTime()) - BigInt(zone * 60_000);
}

/** Undefined for an invalid zone. Falls back from hh:mm to hh, ignoring the rest. */
function zoneMinutes([, , , , , , , , , sign, hours, minutes]: RegExpExecArray): number | undefined {
  if (sign === undefined) return 0;
  const signed = (size: number) => (sign === '-' ? -size : size);
  const whole = signed(Number(hours) * 60);
  return [whole + signed(Number(minutes ?? 0)), whole].find((zone) => zone >= WESTMOST && zone <= EASTMOST);
}

const UNPARSEABLE = 'Text cannot be parsed to a Duration';
const BILLION = 1_000_000_000n;
const DURATION = /^([-+]?)P(?:([-+]?\d+)D)?(T(?:([-+]?\d+)H)?(?:([-+]?\d+)M)?(?:([-+]?\d+)(?:[.,](\d{0,9}))?S)?)?$/i;

/** Parses a java.time.Duration such as "P1DT2H3M4.5S"; each part can have a sign. Nanoseconds. */
function durationNanos(text: string): bigint {
  const match = DURATION.exec(text);
  const [, sign, days, time, hours, minutes, seconds, fraction] = match ?? [];
  if (!match || (days ?? hours ?? minutes ?? seconds) === undefined || /^T$/i.test(time ?? '')) {
    throw new JavaError('java.time.format.DateTimeParseException', UNPARSEABLE);
  }
  const part = (digits: string | undefined, size: bigint, name: string) =>
    withinLong(BigInt((digits ?? '0').replace('+', '')) * size, name);
  const total = withinLong(
    part(days, 86_400n, 'days') +
      part(hours, 3600n, 'hours') +
      part(minutes, 60n, 'minutes') +
      part(seconds, 1n, 'seconds'),
    'overflow',
  );
  const nanos = BigInt((fraction ?? '').padEnd(9, '0')) * (seconds?.startsWith('-') ? -1n : 1n);
  const exact = total * BILLION + nanos;
  return sign === '-' ? -exact : exact;
}

function withinLong(value: bigint, what: string): bigint {
  if (value === BigInt.asIntN(64, value)) return value;
  throw new JavaError('java.time.format.DateTimeParseException', `${UNPARSEABLE}: ${what}`);
}

/** java.time.Instant's range, in seconds */
const OLDEST = -31_557_014_167_219_200n;
const NEWEST = 31_556_889_864_403_199n;

/** The time a duration before `nowMs`, in milliseconds since the epoch. Mirrors Instant.minus and toEpochMilli. */
export function timeBefore(nowMs: number, duration: string): bigint {
  const nanos = BigInt(nowMs) * 1_000_000n - durationNanos(duration);
  const seconds = floorDiv(nanos, BILLION);
  const overflow = () => new JavaError('java.lang.ArithmeticException', 'long overflow');
  if (seconds !== BigInt.asIntN(64, seconds)) throw overflow();
  if (seconds < OLDEST || seconds > NEWEST) {
    throw new JavaError('java.time.DateTimeException', 'Instant exceeds minimum or maximum instant');
  }
  const ms = floorDiv(nanos, 1_000_000n);
  if (ms !== BigInt.asIntN(64, ms)) throw overflow();
  return ms;
}

const floorDiv = (value: bigint, by: bigint): bigint => (value - (((value % by) + by) % by)) / by;
