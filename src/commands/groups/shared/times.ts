/** Points in time as `--to-datetime` and `--by-duration` take them, in milliseconds. */
import { JavaError, runtimeException } from '../../../java/exceptions.js';

const parseError = (message: string): JavaError => runtimeException(new JavaError('java.text.ParseException', message));

const DATE_TIME = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)\.(\d+)(Z|([+-])(\d\d)(?::([0-5]\d))?)/;
/** java.util.GregorianCalendar's zones, in minutes */
const EASTMOST = 14 * 60;
const WESTMOST = -13 * 60;

/** "2026-01-31T12:00:00.000", with "Z", "+01:00" or "+01" where it is not UTC. Milliseconds since the epoch. */
export function timestampMs(text: string): bigint {
  // as String.split: a T at the end separates nothing
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

/** Undefined where there is no such zone. What does not fit as hh:mm is tried as hh alone, whatever follows. */
function zoneMinutes([, , , , , , , , , sign, hours, minutes]: RegExpExecArray): number | undefined {
  if (sign === undefined) return 0;
  const signed = (size: number) => (sign === '-' ? -size : size);
  const whole = signed(Number(hours) * 60);
  return [whole + signed(Number(minutes ?? 0)), whole].find((zone) => zone >= WESTMOST && zone <= EASTMOST);
}

const UNPARSEABLE = 'Text cannot be parsed to a Duration';
const BILLION = 1_000_000_000n;
const DURATION = /^([-+]?)P(?:([-+]?\d+)D)?(T(?:([-+]?\d+)H)?(?:([-+]?\d+)M)?(?:([-+]?\d+)(?:[.,](\d{0,9}))?S)?)?$/i;

/** java.time.Duration: "P1DT2H3M4.5S", each part with its own sign. Nanoseconds. */
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

/** The time that was a duration before `nowMs`, milliseconds since the epoch. Mirrors Instant.minus and toEpochMilli. */
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
