/** Points in time as `--from` and `--to` take them, ms since the epoch. */

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const BEFORE = /^-(\d+)(ms|[smhdw])$/;
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/**
 * "2026-01-31", "2026-01-31T12:00", "2026-01-31T12:00:00.250+01:00" (UTC without a zone, as in Kafka's --to-datetime), ms
 * since the epoch, "now", or a time before now: "-90s", "-1h", "-2d". Fractions of a ms are cut off. undefined: none of these.
 */
export function pointInTime(text: string, now: number): number | undefined {
  if (text === 'now') return now;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const before = BEFORE.exec(text);
  if (before) {
    const time = now - Number(before[1]) * (UNITS[before[2] as string] as number);
    return time >= 0 ? time : 0;
  }
  return isoTime(text);
}

function isoTime(text: string): number | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  const ms = fraction.padEnd(3, '0').slice(0, 3);
  const given = [year, month, day, hours, minutes, seconds, ms].map(Number) as [number, number, number];
  const [y, mo, d, h = 0, mi = 0, s = 0, milli = 0] = given as number[];
  const utc = new Date(Date.UTC(y as number, (mo as number) - 1, d, h, mi, s, milli));
  const read = [utc.getUTCMonth() + 1, utc.getUTCDate(), utc.getUTCHours(), utc.getUTCMinutes(), utc.getUTCSeconds()];
  // 31 February or 25:00 must not roll over
  if (read.join() !== [mo, d, h, mi, s].join()) return undefined;
  const zone = zoneMs(match[8]);
  const time = zone === undefined ? Number.NaN : utc.getTime() - zone;
  return time >= 0 ? time : undefined;
}

function zoneMs(zone: string | undefined): number | undefined {
  if (zone === undefined || /^z$/i.test(zone)) return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', '') || 0)];
  if (hours > 18 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * UNITS.h! + minutes * UNITS.m!);
}
