/** Settings under their Java names, in the order they were given. */
export type Properties = ReadonlyMap<string, string>;

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

/** Resolves the escapes of a key or value: \t \n \r \f \uXXXX; any other escaped character stands for itself. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S])|$)/g, (_, hex: string | undefined, char: string | undefined) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (char === undefined) return '';
    if (char === 'u') throw new Error('Malformed \\uxxxx encoding.');
    return ESCAPES[char] ?? char;
  });
}

/** Joins lines that end with an odd number of backslashes; drops comments and blank lines. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let open: string | undefined;
  for (const natural of text.split(/\r\n|\r|\n/)) {
    const line = natural.replace(/^[ \t\f]+/, '');
    if (open === undefined && (line === '' || line.startsWith('#') || line.startsWith('!'))) continue;
    const joined = (open ?? '') + line;
    const backslashes = /\\*$/.exec(line)?.[0].length ?? 0;
    if (backslashes % 2 === 1) {
      open = joined.slice(0, -1);
    } else {
      lines.push(joined);
      open = undefined;
    }
  }
  if (open !== undefined) lines.push(open);
  return lines;
}

const PAIR = /^((?:\\[\s\S]|[^\\=: \t\f])*)(?:[ \t\f]*[=:][ \t\f]*|[ \t\f]+|$)([\s\S]*)$/;

/** Parses a .properties file like java.util.Properties (`#` and `!` comments, escapes, continuation lines). */
export function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>();
  for (const line of logicalLines(text)) {
    const [, key = '', value = ''] = PAIR.exec(line) ?? [];
    properties.set(unescaped(key), unescaped(value));
  }
  return properties;
}
