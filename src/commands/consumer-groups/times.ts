/** Points in time as `--to-datetime` and `--by-duration` take them, in milliseconds. */
import { JavaError } from '../../client/java-names.js';

const parseError = (message: string): JavaError =>
  new JavaError('java.lang.RuntimeException', `java.text.ParseException: ${message}`);

const DATE_TIME = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)\.(\d+)(Z|([+-])(\d\d):(\d\d)|([+-])(\d\d?))/;

/** "2026-01-31T12:00:00.000", with "Z", "+01:00" or "+01" where it is not UTC. Milliseconds since the epoch. */
export function timestampMs(text: string): bigint {
  const time = text.split('T')[1];
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
  if (!match || asGiven.join() !== [month, day, hours, minutes, seconds].join() || (ms ?? 0) > 999) {
    throw parseError(`Unparseable date: "${zoned}"`);
  }
  return BigInt(utc.getTime()) - BigInt(zoneMinutes(match) * 60_000);
}

function zoneMinutes(match: RegExpExecArray): number {
  const sign = match[9] ?? match[12];
  if (sign === undefined) return 0;
  const minutes = Number(match[10] ?? match[13]) * 60 + Number(match[11] ?? 0);
  return sign === '-' ? -minutes : minutes;
}

const DURATION = /^([-+]?)P(?:([-+]?\d+)D)?(T(?:([-+]?\d+)H)?(?:([-+]?\d+)M)?(?:([-+]?\d+)(?:[.,](\d{0,9}))?S)?)?$/i;

/** java.time.Duration: "P1DT2H3M4.5S", each part with its own sign. Milliseconds. */
export function durationMs(text: string): bigint {
  const match = DURATION.exec(text);
  const [, sign, days, time, hours, minutes, seconds, fraction] = match ?? [];
  if (!match || (days ?? hours ?? minutes ?? seconds) === undefined || /^T$/i.test(time ?? '')) {
    throw new JavaError('java.time.format.DateTimeParseException', 'Text cannot be parsed to a Duration');
  }
  const whole = (part: string | undefined) => BigInt((part ?? '0').replace('+', ''));
  const total = ((whole(days) * 24n + whole(hours)) * 60n + whole(minutes)) * 60n + whole(seconds);
  const nanos = BigInt((fraction ?? '').padEnd(9, '0')) * (seconds?.startsWith('-') ? -1n : 1n);
  const ms = (total * 1_000_000_000n + nanos) / 1_000_000n;
  return sign === '-' ? -ms : ms;
}
