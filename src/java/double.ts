/** Java's parsing and formatting of doubles. */

/** Double.valueOf, without its hexadecimal form; undefined if Java throws NumberFormatException. */
export function parseDouble(text: string): number | undefined {
  const match = /^\s*([+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))[fFdD]?\s*$/.exec(text);
  return match ? Number(match[1]!.replace(/^[+-]NaN$/, 'NaN')) : undefined;
}

/** The shortest decimal of |value|, in exponential form, laid out as Double.toString does. */
function javaDecimal(value: number, shortest: string): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (value === 0) return `${sign}0.0`;
  const [mantissa = '', exp = '0'] = shortest.split('e');
  const digits = mantissa.replace('.', '');
  const exponent = Number(exp);
  if (exponent >= -3 && exponent < 7) {
    if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
    const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
    return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
  }
  return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent}`;
}

/** Java prints at least two digits, the nearest ones: 4.9E-324, not 5.0E-324. */
const twoDigits = (size: number, shortest: string) =>
  shortest.includes('.') ? shortest : size.toExponential(1).replace('.0e', 'e');

/** Double.toString: "0.5", "1.0"; "1.0E10" from 10^7 on, and likewise below 10^-3. */
export function formatDouble(value: number): string {
  const size = Math.abs(value);
  return javaDecimal(value, twoDigits(size, size.toExponential()));
}

/** Float.toString. */
export function formatFloat(value: number): string {
  const size = Math.abs(value);
  let digits = 0;
  while (digits < 9 && Math.fround(Number(size.toExponential(digits))) !== size) digits++;
  return javaDecimal(value, Number.isFinite(size) ? twoDigits(size, size.toExponential(digits)) : '');
}

/** `%.nf` of java.util.Formatter: the shortest decimal that is this double, rounded half up. */
export function formatFixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return String(value);
  const [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value))!;
  // the value is all / 10^scale
  const all = BigInt(whole! + fraction);
  const scale = fraction.length - Number(exponent);
  const drop = scale - digits;
  const rounded = drop <= 0 ? all * 10n ** BigInt(-drop) : (all + 5n * 10n ** BigInt(drop - 1)) / 10n ** BigInt(drop);
  const text = String(rounded).padStart(digits + 1, '0');
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
