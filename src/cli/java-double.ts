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
