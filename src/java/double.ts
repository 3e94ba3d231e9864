/** Java's double as text: what a tool takes for a number, and how it prints one. */

/** Double.valueOf, without its hexadecimal form; undefined when it is none. */
export function parseDouble(text: string): number | undefined {
  const match = /^\s*([+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))[fFdD]?\s*$/.exec(text);
  return match ? Number(match[1]!.replace(/^[+-]NaN$/, 'NaN')) : undefined;
}

/** Double.toString: "0.5", "1.0", and from 10^7 on and below 10^-3 "1.0E10". */
export function formatDouble(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return String(value);
  if (Object.is(value, -0)) return '-0.0';
  if (size === 0 || (size >= 1e-3 && size < 1e7)) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
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
