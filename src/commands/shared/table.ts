/** Mirrors ToolsUtils.prettyPrintTable: every cell is padded to the width of its column and followed by a tab. */
export function prettyTable(headers: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [headers, ...rows];
  const widths = headers.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  return all.map((row) => row.map((cell, i) => `${cell.padEnd(widths[i]!)}\t`).join(''));
}
