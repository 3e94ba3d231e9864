/** Justified text in a column, like argparse4j's TextHelper: blanks are added between words. */
import { words } from '../help.js';

/** Start column of the help texts. */
const COLUMN = 25;
const TITLE_WIDTH = 21;

/** Wraps `text` at `width`; the first line starts at column `offset`, the others after `indent`. */
export function justify(text: string, width: number, offset = 0, indent = ''): string {
  let out = '';
  let line = '';
  let at = offset;
  for (const piece of text.split(/(?<=\n)/).flatMap(words)) {
    at += piece.length;
    if (at > width) {
      out += `${spread(line, width, at - piece.length)}\n${indent}`;
      line = '';
      at = indent.length + piece.length;
    }
    line += piece;
    if (!piece.endsWith('\n')) continue;
    out += line + indent;
    line = '';
    at = indent.length;
  }
  return out + line;
}

/** Fills a line of `used` columns up to `width`: the gaps share the blanks evenly, the remainder goes to the middle ones. */
function spread(line: string, width: number, used: number): string {
  const text = line.replace(/^ +| +$/g, '');
  const gaps = text.match(/ +/g)?.length ?? 0;
  if (gaps === 0) return text;
  const missing = width - (used - (line.length - text.length));
  const each = Math.trunc(missing / gaps);
  const rest = missing % gaps;
  const first = Math.trunc((gaps - rest + 1) / 2);
  let gap = 0;
  return text.replace(/ +/g, (blanks) => {
    const more = gap >= first && gap < first + rest ? 1 : 0;
    gap++;
    return blanks + ' '.repeat(Math.max(0, each + more));
  });
}

/** One entry of the help: its title, then its text in the column, on the same line if the title is short. */
export function entry(title: string, text: string, width: number): string {
  if (text === '') return `  ${title}\n`;
  const gap = title.length <= TITLE_WIDTH ? ' '.repeat(COLUMN - title.length - 2) : `\n${' '.repeat(COLUMN)}`;
  return `  ${title}${gap}${justify(text, width, COLUMN, ' '.repeat(COLUMN))}\n`;
}
