/**
 * java.io.StreamTokenizer with its default syntax, both kinds of comments and additional word characters: the tokenizer of
 * JAAS configurations. Its quirks are kept: a single `/` starts a comment, numbers are not words, a quoted string ends at
 * the end of its line, and an unknown escape `\c` is `c`.
 */
export type Token =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'quoted'; readonly text: string; readonly quote: '"' | "'" }
  | { readonly kind: 'number' }
  /** punctuation: any other character */
  | { readonly kind: 'char'; readonly text: string };

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const isDigit = (char: string): boolean => (char >= '0' && char <= '9') || char === '.' || char === '-';
const isOctal = (char: string | undefined): char is string => char !== undefined && char >= '0' && char <= '7';
const isEnd = (char: string | undefined): boolean => char === undefined || char === '\n' || char === '\r';

/** The tokens of a text; `wordChars` are letters besides a to z and everything from U+00A0 on. */
export function* streamTokens(text: string, wordChars: string): Generator<Token> {
  const isLetter = (char: string): boolean => /[A-Za-z]/.test(char) || char >= '\xa0' || wordChars.includes(char);
  let at = 0;
  const toLineEnd = () => {
    while (!isEnd(text[at])) at++;
  };
  while (at < text.length) {
    const char = text[at] as string;
    if (char <= ' ') at++;
    else if (isDigit(char)) {
      const end = afterNumber(text, at);
      yield end === at ? { kind: 'char', text: char } : { kind: 'number' };
      at = Math.max(end, at + 1);
    } else if (isLetter(char)) {
      const start = at;
      while (at < text.length && (isLetter(text[at] as string) || isDigit(text[at] as string))) at++;
      yield { kind: 'word', text: text.slice(start, at) };
    } else if (char === '"' || char === "'") {
      const { value, end } = quoted(text, at + 1, char);
      yield { kind: 'quoted', text: value, quote: char };
      at = end;
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      at = end < 0 ? text.length : end + 2;
    } else if (char === '/') {
      // in a comment with a single slash, the next character is skipped unseen
      at += 2;
      toLineEnd();
    } else {
      at++;
      yield { kind: 'char', text: char };
    }
  }
}

/** End of the number at `start`; `start` itself for a lone minus sign. */
function afterNumber(text: string, start: number): number {
  const [match] = /^-?\d*\.?\d*/.exec(text.slice(start, start + 400)) ?? [''];
  return match === '-' ? start : start + match.length;
}

/** The string up to the closing quote, or up to the end of the line (exclusive). */
function quoted(text: string, start: number, quote: string): { value: string; end: number } {
  let value = '';
  let at = start;
  while (!isEnd(text[at]) && text[at] !== quote) {
    const char = text[at++] as string;
    const next = text[at];
    if (char !== '\\') value += char;
    else if (isOctal(next)) {
      const digits = octalDigits(text, at);
      value += String.fromCharCode(Number.parseInt(digits, 8));
      at += digits.length;
    } else if (next !== undefined) {
      value += ESCAPES[next] ?? next;
      at++;
    }
  }
  return { value, end: text[at] === quote ? at + 1 : at };
}

/** Three digits up to \377, else two. */
function octalDigits(text: string, at: number): string {
  const most = (text[at] as string) <= '3' ? 3 : 2;
  let end = at + 1;
  while (end < at + most && isOctal(text[end])) end++;
  return text.slice(at, end);
}
