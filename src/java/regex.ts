/**
 * Translates Java regular expressions to JavaScript's. Possessive quantifiers and atomic groups become greedy ones, which
 * match the same texts and sometimes more. Throws SyntaxError where Java does.
 */
import { boundedRegex } from './bounded-regex.js';

const POSIX: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\x00-\\x7f',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Graph: '!-~',
  Print: ' -~',
  Blank: ' \\t',
  Cntrl: '\\x00-\\x1f\\x7f',
  XDigit: '0-9a-fA-F',
  Space: ' \\t\\n\\v\\f\\r',
};
const ANCHORS: Readonly<Record<string, string>> = {
  A: '^',
  z: '$',
  Z: '(?=\\n?$)',
  G: '',
  h: '[ \\t\\xa0]',
  R: '(?:\\r\\n|[\\n\\r])',
};
const SPECIAL = /[\\^$.*+?()[\]{}|/\-&!#%,:;<=>@`~]/g;

/**
 * A RegExp equivalent to java.util.regex.Pattern; `whole`: must match the whole text, like String.matches; `global`: for
 * javaSplit(). Its methods throw SlowPatternError instead of running forever.
 */
export function javaRegex(source: string, options: { whole?: boolean; global?: boolean } = {}): RegExp {
  const { flags, rest } = leadingFlags(source);
  const body = new Translator(source, source.length - rest.length).run();
  try {
    const all = options.global ? 'g' : '';
    return boundedRegex(source, options.whole ? `^(?:${body})$` : body, `v${all}${flags}`);
  } catch (error) {
    // errors not detected above have JavaScript's message, but the user's pattern
    throw new SyntaxError(`${(error as Error).message.replace(/^.*\/[a-z]*: /s, '')}\n${source}`);
  }
}

/** Java's String.split: groups are not included, trailing empty parts are dropped. `separator` is a `global` pattern. */
export function javaSplit(text: string, separator: RegExp): string[] {
  const parts: string[] = [];
  let at = 0;
  for (const { index, 0: found } of text.matchAll(separator)) {
    // like Java: an empty match at the start produces no leading empty part
    if (at === 0 && index === 0 && found === '') continue;
    parts.push(text.slice(at, index));
    at = index + found.length;
  }
  if (at === 0 && parts.length === 0) return [text];
  parts.push(text.slice(at));
  while (parts.at(-1) === '') parts.pop();
  return parts;
}

/** Converts inline flags such as `(?i)` at the very start to RegExp flags; JavaScript does not support them elsewhere. */
function leadingFlags(source: string): { flags: string; rest: string } {
  const match = /^\(\?([imsu]+)\)/.exec(source);
  if (!match) return { flags: '', rest: source };
  const flags = [...new Set(match[1]!.replace(/u/g, ''))].join('');
  return { flags, rest: source.slice(match[0].length) };
}

class Translator {
  private out = '';
  /** number of open groups */
  private depth = 0;
  /** whether a quantifier can follow */
  private quantifiable = false;

  constructor(
    private readonly source: string,
    private at: number,
  ) {}

  run(): string {
    while (this.at < this.source.length) {
      const char = this.source[this.at] as string;
      this.nesting(char);
      this.out += this.next();
      this.quantifiable = !'(|*+?{'.includes(char);
      // the ? of (?: is not a quantifier
      if (char === '(' && this.source[this.at] === '?') this.out += this.source[this.at++];
    }
    if (this.depth > 0) throw this.error('Unclosed group', this.at);
    return this.out;
  }

  /** java.util.regex's message: the error, its index, the pattern, and a mark below the position. */
  private error(what: string, index: number): SyntaxError {
    const mark = index < this.source.length ? `\n${' '.repeat(index)}^` : '';
    return new SyntaxError(`${what} near index ${index}\n${this.source}${mark}`);
  }

  private nesting(char: string): void {
    if (char === '(') {
      this.depth++;
      const flag = /^\?[a-zA-Z]*/.exec(this.source.slice(this.at + 1))?.[0] ?? '';
      const end = this.at + 1 + flag.length;
      const known = /^\?[idmsuxU]+$/.test(flag) && '):-'.includes(this.source[end] ?? ' ');
      const special = flag === '?' && ':=!<>-'.includes(this.source[end] ?? ' ');
      if (flag !== '' && !known && !special) throw this.error('Unknown inline modifier', this.modifierEnd());
    } else if (char === ')') {
      if (this.depth === 0) {
        const where = this.at - 1;
        if (where < 0) throw new SyntaxError(`Unmatched closing ')'\n${this.source}`);
        throw this.error("Unmatched closing ')'", where);
      }
      this.depth--;
    } else if ('*+?'.includes(char) && !this.quantifiable) {
      throw this.error(`Dangling meta character '${char}'`, this.at);
    }
  }

  /** Position of the first character that is not a flag. */
  private modifierEnd(): number {
    let at = this.at + 2;
    while (/[idmsuxU]/.test(this.source[at] ?? '')) at++;
    return at;
  }

  private next(): string {
    const char = this.source[this.at++]!;
    if (char === '\\') return this.escape(false);
    if (char === '[') return this.charClass();
    if (char === ']' || char === '}') return `\\${char}`;
    if (char === '(' && this.source.startsWith('?>', this.at)) {
      this.at += 2;
      return '(?:';
    }
    if ('*+?'.includes(char)) return char + this.quantifierMode();
    if (char === '{') return this.repetition();
    return char;
  }

  /** `*+` is possessive in Java; translated to greedy. */
  private quantifierMode(): string {
    const mode = this.source[this.at];
    if (mode === '+') this.at++;
    if (mode !== '?') return '';
    this.at++;
    return '?';
  }

  private repetition(): string {
    const match = /^\d+(,\d*)?\}/.exec(this.source.slice(this.at));
    if (!match) {
      const open = /^\d+(,\d*)?$/.exec(this.source.slice(this.at));
      if (open) throw this.error('Unclosed counted closure', this.source.length);
      throw this.error('Illegal repetition', this.at);
    }
    const [from = 0, to = from] = match[0]
      .slice(0, -1)
      .split(',')
      .map((n) => (n === '' ? Number.POSITIVE_INFINITY : Number(n)));
    if (to < from || from > 2147483647) throw this.error('Illegal repetition range', this.at + match[0].length - 1);
    this.at += match[0].length;
    return `{${match[0]}${this.quantifierMode()}`;
  }

  private escape(inClass: boolean): string {
    const char = this.source[this.at++];
    if (char === undefined) throw this.error('Unexpected internal error', this.at - 1);
    if ('CFIJKLMOTYgijlmoqy'.includes(char)) {
      throw this.error('Illegal/unsupported escape sequence', this.at - 1);
    }
    if (char === 'Q') return this.quoted();
    if (char === 'p' || char === 'P') return this.property(char, inClass);
    if (!inClass && ANCHORS[char] !== undefined) return ANCHORS[char];
    if (/[^a-zA-Z0-9]/.test(char)) return char.replace(SPECIAL, '\\$&');
    return `\\${char}`;
  }

  private quoted(): string {
    const end = this.source.indexOf('\\E', this.at);
    const text = this.source.slice(this.at, end < 0 ? undefined : end);
    this.at = end < 0 ? this.source.length : end + 2;
    return text.replace(SPECIAL, '\\$&');
  }

  private property(kind: 'p' | 'P', inClass: boolean): string {
    const match = /^(?:\{(\w+)\}|(\w))/.exec(this.source.slice(this.at));
    if (!match) throw new SyntaxError('Unknown character property');
    this.at += match[0].length;
    const name = (match[1] ?? match[2])!;
    const ascii = POSIX[name];
    if (ascii === undefined) return `\\${kind}{${name.replace(/^Is/, '')}}`;
    if (kind === 'P') return `[^${ascii}]`;
    return inClass ? ascii : `[${ascii}]`;
  }

  /** Both languages have nested classes and intersections, but JavaScript needs brackets around each operand of &&. */
  private charClass(): string {
    const negated = this.source[this.at] === '^';
    if (negated) this.at++;
    const sides: string[] = [''];
    const add = (text: string) => {
      sides[sides.length - 1] += text;
    };
    for (let first = true; ; first = false) {
      const char = this.source[this.at++];
      if (char === undefined) throw this.error('Unclosed character class', this.source.length - 1);
      if (char === ']' && !first) break;
      if (char === '\\') add(this.escape(true));
      else if (char === '[') add(this.charClass());
      else if (char === '&' && this.source[this.at] === '&') {
        this.at++;
        sides.push('');
      } else if (char === '-') add(this.hyphen(first));
      else add(char.replace(/[\]()[{}/|&!#$%*+,.:;<=>?@^`~]/, '\\$&'));
    }
    const open = negated ? '[^' : '[';
    return sides.length === 1 ? `${open}${sides[0]}]` : `${open}${sides.map((side) => `[${side}]`).join('&&')}]`;
  }

  /** A hyphen at either end of a class is literal. */
  private hyphen(first: boolean): string {
    return first || this.source[this.at] === ']' ? '\\-' : '-';
  }
}
