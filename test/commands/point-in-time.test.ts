import { expect, test } from 'vitest';
import { pointInTime } from '../../src/commands/console/consumer/point-in-time.js';

const NOW = Date.UTC(2026, 0, 31, 12);

test.each([
  ['0', 0],
  ['1769860800000', NOW],
  ['now', NOW],
  ['-250ms', NOW - 250],
  ['-90s', NOW - 90_000],
  ['-30m', NOW - 1_800_000],
  ['-1h', NOW - 3_600_000],
  ['-2d', NOW - 172_800_000],
  ['-1w', NOW - 604_800_000],
  ['-99999d', 0],
  ['2026-01-31', NOW - 12 * 3_600_000],
  ['2026-01-31T12:00', NOW],
  ['2026-01-31T12:00:00', NOW],
  ['2026-01-31T12:00:00.25Z', NOW + 250],
  ['2026-01-31T12:00:00,0019', NOW + 1],
  ['2026-01-31T13:00:00+01:00', NOW],
  ['2026-01-31T06:30-0530', NOW],
  ['2026-01-31T13:00+01', NOW],
])('%s', (text, ms) => expect(pointInTime(text, NOW)).toBe(ms));

test.each([
  '',
  'x',
  '-1',
  '-1y',
  '1h',
  '2026-02-29',
  '2026-13-01',
  '2026-01-31T24:00',
  '2026-01-31T12',
  '2026-01-31T12:00+19:00',
  '1969-12-31',
  '1e3',
])('"%s" is no time', (text) => expect(pointInTime(text, NOW)).toBeUndefined());
