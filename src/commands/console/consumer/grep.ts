/**
 * `--grep`: which records match, told from their bytes before anything of them is decoded or formatted.
 *
 * How it is fast: plain text is looked for with `indexOf` (memmem) in the whole buffer that was fetched, not record by
 * record: one hit answers for every record before it. A regular expression decodes the field it looks at, nothing else.
 */
import { CommandError, errorLine } from '../../../cli/errors.js';
import { javaRegex } from '../../../java/regex.js';
import type { RecordCursor } from '../../../protocol/records/cursor.js';

/** Finds something in data[start, end). */
interface Finder {
  /** another buffer comes, or the same with other bytes in it */
  begin(): void;
  finds(data: Buffer, start: number, end: number): boolean;
}

class LiteralFinder implements Finder {
  readonly #text: Buffer;
  #data: Buffer | undefined;
  /** from here on was searched */
  #from = 0;
  /** the first place from there on, -1 for none */
  #hit = -1;

  constructor(text: string) {
    this.#text = Buffer.from(text);
  }

  begin(): void {
    this.#data = undefined;
  }

  finds(data: Buffer, start: number, end: number): boolean {
    if (end - start < this.#text.length) return false;
    if (data !== this.#data || start < this.#from || (this.#hit >= 0 && this.#hit < start)) {
      this.#data = data;
      this.#from = start;
      this.#hit = data.indexOf(this.#text, start);
    }
    return this.#hit >= 0 && this.#hit + this.#text.length <= end;
  }
}

class RegexFinder implements Finder {
  constructor(private readonly regex: RegExp) {}

  begin(): void {}

  finds(data: Buffer, start: number, end: number): boolean {
    return this.regex.test(data.toString('utf8', start, end));
  }
}

const PLAIN = /^[^\\^$.*+?()[\]{}|]*$/;

function finder(pattern: string): Finder {
  if (PLAIN.test(pattern)) return new LiteralFinder(pattern);
  try {
    return new RegexFinder(javaRegex(pattern));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new CommandError(`--grep takes a regular expression: ${errorLine(error).split('\n').join(' ')}`);
  }
}

export interface Grep {
  /** Bytes that were not seen before follow. */
  begin(): void;
  /** Null matches nothing. Throws SlowPatternError. */
  matches(cursor: RecordCursor): boolean;
}

/** "k:REGEX" the key, "h:NAME=REGEX" a header of this name, "v:REGEX" or only "REGEX" the value. Throws CommandError. */
export function grep(text: string): Grep {
  if (text.startsWith('k:')) {
    const of = finder(text.slice(2));
    const matches = (c: RecordCursor) => c.keyLength >= 0 && of.finds(c.data, c.keyStart, c.keyStart + c.keyLength);
    return { begin: () => of.begin(), matches };
  }
  if (text.startsWith('h:')) return headerGrep(text.slice(2));
  const of = finder(text.startsWith('v:') ? text.slice(2) : text);
  const matches = (c: RecordCursor) =>
    c.valueLength >= 0 && of.finds(c.data, c.valueStart, c.valueStart + c.valueLength);
  return { begin: () => of.begin(), matches };
}

function headerGrep(text: string): Grep {
  const at = text.indexOf('=');
  if (at < 0) throw new CommandError(`--grep h:${text}: a header is named as h:NAME=REGEX`);
  const name = Buffer.from(text.slice(0, at));
  const of = finder(text.slice(at + 1));
  const matches = (c: RecordCursor) => {
    let found = false;
    while (!found && c.nextHeader()) {
      const { headerKeyStart: key, headerKeyLength: length, headerValueStart: value, headerValueLength: size } = c;
      if (length !== name.length || size < 0 || name.compare(c.data, key, key + length) !== 0) continue;
      found = of.finds(c.data, value, value + size);
    }
    // who prints the record walks them again
    c.rewindHeaders();
    return found;
  };
  return { begin: () => of.begin(), matches };
}
