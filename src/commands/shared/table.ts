/** A table as ToolsUtils.prettyPrintTable prints it: every cell padded to its column, and a tab behind each. */
export function prettyTable(headers: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [headers, ...rows];
  const widths = headers.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  return all.map((row) => row.map((cell, i) => `${cell.padEnd(widths[i]!)}\t`).join(''));
}
