/** Lays out entries in as many columns as fit the terminal. Mirrors LsCommandHandler.calculateColumnSchema. */
const NARROWEST = 4;
const GAP = 2;

/** The lines; one entry per line if `width` is undefined. */
export function columns(entries: readonly string[], width: number | undefined): string[] {
  const widths = schema(entries, width);
  const height = Math.ceil(entries.length / widths.length);
  return Array.from({ length: height }, (_, line) => {
    let output = '';
    for (const [column, columnWidth] of widths.entries()) {
      const entry = entries[line + column * height];
      if (entry === undefined) continue;
      output += column < widths.length - 1 ? entry.padEnd(columnWidth) : entry;
    }
    return output;
  });
}

/** The column widths of the layout with the most columns that fit, none of them empty. */
function schema(entries: readonly string[], width: number | undefined): number[] {
  const most = Math.floor((width ?? 0) / NARROWEST);
  for (let count = most; count > 1; count--) {
    const height = Math.ceil(entries.length / count);
    const widths = Array.from({ length: count }, (_, column) => {
      const own = entries.slice(column * height, (column + 1) * height);
      return own.reduce((widest, entry) => Math.max(widest, entry.length + GAP), 0);
    });
    if (widths.at(-1) !== 0 && widths.reduce((a, b) => a + b, 0) <= (width as number)) return widths;
  }
  return [0];
}
