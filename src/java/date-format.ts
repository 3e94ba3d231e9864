/** java.text.SimpleDateFormat, in English and in the process's time zone, for user-supplied patterns. */

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAY_MS = 86_400_000;

type Letter = (date: Date, count: number) => string;

const number =
  (of: (date: Date) => number): Letter =>
  (date, count) =>
    String(of(date)).padStart(count, '0');
const name =
  (names: readonly string[], of: (date: Date) => number): Letter =>
  (date, count) => {
    const full = names[of(date)] as string;
    return count >= 4 ? full : full.slice(0, 3);
  };

const year: Letter = (date, count) => {
  const full = String(date.getFullYear());
  return count === 2 ? full.slice(-2) : full.padStart(count, '0');
};
const monthNumber = number((date) => date.getMonth() + 1);
const monthName = name(MONTHS, (date) => date.getMonth());
const month: Letter = (date, count) => (count >= 3 ? monthName : monthNumber)(date, count);

const dayOfYear = (date: Date): number =>
  Math.round(
    (Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) - Date.UTC(date.getFullYear(), 0, 0)) / DAY_MS,
  );
/** Weeks start on Sunday; the first week is the one that contains 1 January. */
function weekOfYear(date: Date): number {
  const nextYear = new Date(date.getFullYear() + 1, 0, 1);
  const untilNext = Math.round((nextYear.getTime() - date.getTime()) / DAY_MS);
  if (untilNext <= nextYear.getDay() && date.getDay() < nextYear.getDay()) return 1;
  const first = new Date(date.getFullYear(), 0, 1).getDay();
  return Math.floor((dayOfYear(date) - 1 + first) / 7) + 1;
}
const weekOfMonth = (date: Date): number =>
  Math.floor((date.getDate() - 1 + new Date(date.getFullYear(), date.getMonth(), 1).getDay()) / 7) + 1;

function offset(date: Date, count: number, utc: string, colon: boolean): string {
  const minutes = -date.getTimezoneOffset();
  if (minutes === 0 && utc !== '') return utc;
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  const hours = `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}`;
  return count === 1 && utc !== '' ? hours : `${hours}${colon ? ':' : ''}${two(Math.abs(minutes) % 60)}`;
}
const zoneName: Letter = (date, count) =>
  new Intl.DateTimeFormat('en', { timeZoneName: count >= 4 ? 'long' : 'short' })
    .formatToParts(date)
    .find(({ type }) => type === 'timeZoneName')?.value ?? '';

const LETTERS: Readonly<Record<string, Letter>> = {
  G: () => 'AD',
  y: year,
  Y: year,
  M: month,
  L: month,
  w: number(weekOfYear),
  W: number(weekOfMonth),
  D: number(dayOfYear),
  d: number((date) => date.getDate()),
  F: number((date) => Math.floor((date.getDate() - 1) / 7) + 1),
  E: name(DAYS, (date) => date.getDay()),
  u: number((date) => date.getDay() || 7),
  a: (date) => (date.getHours() < 12 ? 'AM' : 'PM'),
  H: number((date) => date.getHours()),
  k: number((date) => date.getHours() || 24),
  K: number((date) => date.getHours() % 12),
  h: number((date) => date.getHours() % 12 || 12),
  m: number((date) => date.getMinutes()),
  s: number((date) => date.getSeconds()),
  S: number((date) => date.getMilliseconds()),
  z: zoneName,
  Z: (date, count) => offset(date, count, '', false),
  X: (date, count) => offset(date, count, 'Z', count === 3),
};

/** Returns a formatter for timestamps in ms. Throws Error with Java's message for an invalid pattern. */
export function dateFormat(pattern: string): (ms: number) => string {
  const parts: ((date: Date) => string)[] = [];
  // two single quotes are a literal quote, inside quotes too
  for (const [piece, quoted, letters] of pattern.matchAll(/'((?:[^']|'')*)'|(([a-zA-Z])\3*)|[\s\S]/g)) {
    if (letters !== undefined) {
      const letter = LETTERS[letters[0] as string];
      if (!letter) throw new Error(`Illegal pattern character '${letters[0]}'`);
      parts.push((date) => letter(date, letters.length));
    } else if (piece === "'") throw new Error('Unterminated quote');
    else {
      const text = quoted === undefined ? piece : quoted === '' ? "'" : quoted.replaceAll("''", "'");
      parts.push(() => text);
    }
  }
  return (ms) => {
    const date = new Date(ms);
    return parts.map((part) => part(date)).join('');
  };
}
