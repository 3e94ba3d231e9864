/**
 * Whether a regular expression is one of RE2's (https://github.com/google/re2/wiki/Syntax), which is what the
 * consumer protocol of KIP-848 takes. Mirrors the messages of the RE2/J the Java tool asks.
 */
const MISSING_BRACKET = 'missing closing ]';
const MISSING_PAREN = 'missing closing )';
const MISSING_ARGUMENT = 'missing argument to repetition operator';
const NESTED_REPEAT = 'invalid nested repetition operator';
const REPEAT_COUNT = 'invalid repeat count';
const ESCAPE = 'invalid escape sequence';
const RANGE = 'invalid character class range';
const PERL = 'invalid or unsupported Perl syntax';
const NAMED = 'invalid named capture';
const DUPLICATE = 'duplicate capture group name';
const TRAILING = 'trailing backslash at end of expression';
const UNEXPECTED_PAREN = 'regexp/syntax: internal error';

class Problem extends Error {}

/** What is wrong with a regular expression, in RE2's words; undefined when nothing is. */
export function regexProblem(regex: string): string | undefined {
  try {
    new Parser([...regex]).run();
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}

const POSIX = /^\^?(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit)$/;

function isUnicodeClass(name: string): boolean {
  if (name === 'Any') return true;
  const known = (property: string) => {
    try {
      return new RegExp(`\\p{${property}}`, 'u') instanceof RegExp;
    } catch {
      return false;
    }
  };
  if (/^[A-Z][a-z]?$/.test(name)) return known(name);
  return /^[A-Za-z_]+$/.test(name) && known(`Script=${name}`);
}

class Parser {
  readonly #text: readonly string[];
  #at = 0;
  #depth = 0;
  /** whether there is something a repetition could repeat */
  readonly #atoms: boolean[] = [false];
  readonly #names = new Set<string>();

  constructor(text: readonly string[]) {
    this.#text = text;
  }

  run(): void {
    let repeated = false;
    while (this.#at < this.#text.length) repeated = this.#step(repeated);
    if (this.#depth > 0) throw new Problem(MISSING_PAREN);
  }

  #peek(ahead = 0): string {
    return this.#text[this.#at + ahead] ?? '';
  }

  /** Reads one piece; true when it was a repetition. */
  #step(repeated: boolean): boolean {
    const char = this.#peek();
    if (char === '*' || char === '+' || char === '?') {
      this.#at++;
      return this.#repeat(repeated);
    }
    if (char === '{') {
      const length = this.#counted();
      if (length > 0) {
        this.#at += length;
        return this.#repeat(repeated);
      }
    }
    if (char === '(') this.#open();
    else if (char === ')') this.#close();
    else if (char === '|') this.#either();
    else this.#atom(char);
    return false;
  }

  #atom(char: string): void {
    if (char === '[') this.#charClass();
    else if (char === '\\') this.#escape();
    else this.#at++;
    this.#setAtom(true);
  }

  #setAtom(there: boolean): void {
    this.#atoms[this.#depth] = there;
  }

  #either(): void {
    this.#at++;
    this.#setAtom(false);
  }

  #close(): void {
    if (this.#depth === 0) throw new Problem(UNEXPECTED_PAREN);
    this.#at++;
    this.#depth--;
    this.#setAtom(true);
  }

  #open(): void {
    if (this.#peek(1) === '?') return this.#perlGroup();
    this.#at++;
    this.#depth++;
    this.#setAtom(false);
  }

  #repeat(repeated: boolean): true {
    if (this.#peek() === '?') this.#at++;
    if (repeated) throw new Problem(NESTED_REPEAT);
    if (!this.#atoms[this.#depth]) throw new Problem(MISSING_ARGUMENT);
    return true;
  }

  /** The length of `{n}`, `{n,}` or `{n,m}` here; 0 when the brace stands for itself. */
  #counted(): number {
    const rest = this.#text.slice(this.#at, this.#at + 32).join('');
    const match = /^\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*)?)?\}/.exec(rest);
    if (!match) return 0;
    const low = Number(match[1]);
    const high = match[3] === undefined ? low : Number(match[3]);
    if (low > 1000 || high > 1000 || low > high) throw new Problem(REPEAT_COUNT);
    return match[0].length;
  }

  /** `(?P<name>`, `(?<name>`, `(?flags)` or `(?flags:` */
  #perlGroup(): void {
    const rest = this.#text.slice(this.#at).join('');
    const named = /^\(\?P?</.exec(rest);
    if (named) return this.#namedGroup(rest, named[0]);
    const flags = /^\(\?(?:[imsU]*)(?:-[imsU]+)?([:)])/.exec(rest);
    if (!flags) throw new Problem(PERL);
    this.#at += flags[0].length;
    if (flags[1] === ')') return;
    this.#depth++;
    this.#setAtom(false);
  }

  #namedGroup(rest: string, start: string): void {
    const name = /^([A-Za-z0-9_]+)>/.exec(rest.slice(start.length))?.[1];
    if (name === undefined) throw new Problem(NAMED);
    if (this.#names.has(name)) throw new Problem(DUPLICATE);
    this.#names.add(name);
    this.#at += start.length + name.length + 1;
    this.#depth++;
    this.#setAtom(false);
  }

  /** An escape outside a class. */
  #escape(): void {
    const next = this.#peek(1);
    if (next === 'Q') return this.#quoted();
    if ('AbBz'.includes(next) && next !== '') this.#at += 2;
    else if (!this.#classEscape()) this.#charEscape();
  }

  /** `\Q…\E`; without the end, everything to the end. */
  #quoted(): void {
    this.#at += 2;
    while (this.#at < this.#text.length && !(this.#peek() === '\\' && this.#peek(1) === 'E')) this.#at++;
    this.#at += 2;
  }

  /** `\d`, `\pL`, `\p{Greek}`; false when it is not a class. */
  #classEscape(): boolean {
    const next = this.#peek(1);
    if (next !== '' && 'dDsSwW'.includes(next)) {
      this.#at += 2;
      return true;
    }
    if (next !== 'p' && next !== 'P') return false;
    let end = this.#at + 3;
    let name = this.#peek(2);
    if (name === '{') {
      end = this.#text.indexOf('}', this.#at) + 1;
      if (end === 0) throw new Problem(RANGE);
      name = this.#text.slice(this.#at + 3, end - 1).join('');
    }
    if (!isUnicodeClass(name.replace(/^\^/, ''))) throw new Problem(RANGE);
    this.#at = end;
    return true;
  }

  /** One escaped character; its code point. */
  #charEscape(): number {
    const rest = this.#text.slice(this.#at, this.#at + 16).join('');
    if (rest === '\\') throw new Problem(TRAILING);
    const hex = /^\\x(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/.exec(rest);
    const octal = /^\\(0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest);
    const simple = /^\\([afnrtv]|[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e\s])/.exec(rest);
    const match = hex ?? octal ?? simple;
    if (!match) throw new Problem(ESCAPE);
    this.#at += match[0].length;
    const code = hex
      ? Number.parseInt((hex[1] ?? hex[2]) as string, 16)
      : octal
        ? Number.parseInt(octal[1] as string, 8)
        : (({ a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 } as Record<string, number>)[simple?.[1] ?? ''] ??
          (simple?.[1] ?? '').charCodeAt(0));
    if (code > 0x10ffff) throw new Problem(ESCAPE);
    return code;
  }

  #charClass(): void {
    this.#at++;
    if (this.#peek() === '^') this.#at++;
    for (let first = true; first || this.#peek() !== ']'; first = false) {
      if (this.#peek() === '') throw new Problem(MISSING_BRACKET);
      if (this.#posixClass()) continue;
      if (this.#peek() === '\\' && this.#classEscape()) continue;
      this.#range();
    }
    this.#at++;
  }

  #posixClass(): boolean {
    if (this.#peek() !== '[' || this.#peek(1) !== ':') return false;
    const rest = this.#text.slice(this.#at + 2).join('');
    const end = rest.indexOf(':]');
    if (end < 0) return false;
    if (!POSIX.test(rest.slice(0, end))) throw new Problem(RANGE);
    this.#at += end + 4;
    return true;
  }

  #range(): void {
    const low = this.#classChar();
    if (this.#peek() !== '-' || this.#peek(1) === ']' || this.#peek(1) === '') return;
    this.#at++;
    if (this.#classChar() < low) throw new Problem(RANGE);
  }

  #classChar(): number {
    const char = this.#peek();
    if (char === '') throw new Problem(MISSING_BRACKET);
    if (char === '\\') return this.#charEscape();
    this.#at++;
    return char.codePointAt(0) as number;
  }
}
