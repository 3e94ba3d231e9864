/** A log line as the Java tools log it to stderr: "[2026-01-31 12:00:00,000] ERROR … (class)". */
export function logEvent(level: string, message: string, logger: string): string {
  const now = new Date();
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const time = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  const ms = String(now.getMilliseconds()).padStart(3, '0');
  return `[${day} ${time},${ms}] ${level} ${message} (${logger})\n`;
}
