/**
 * RE2/J regular expressions (com.google.re2j), which Kafka uses for patterns sent to the broker: matching takes linear
 * time for any pattern. Uses re2js, a port of that library, loaded on first use (12 ms). Two kinds of patterns are
 * rejected here although RE2/J accepts them: nested repetitions of more than 1,000 in all, and an escaped letter outside
 * ASCII.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** An invalid pattern, with the message of RE2/J's PatternSyntaxException.getDescription(). */
export class Re2Error extends Error {
  override readonly name = 'Re2Error';
}

export interface Re2Pattern {
  /** instructions of the compiled program: an upper bound of the work per character */
  readonly size: number;
  /** Whether the pattern matches the whole text. */
  matches(text: string): boolean;
}

/** Compiles a pattern. Throws Re2Error. */
export function compileRe2(source: string): Re2Pattern {
  const { RE2JS, RE2JSException } = require('re2js') as typeof import('re2js');
  try {
    const compiled = RE2JS.compile(source);
    return { size: compiled.programSize(), matches: (text) => compiled.testExact(text) };
  } catch (error) {
    if (error instanceof RE2JSException) throw new Re2Error(description(error.message));
    throw error;
  }
}

/** The error in a pattern; undefined if it is valid. */
export function regexProblem(source: string): string | undefined {
  try {
    compileRe2(source);
    return undefined;
  } catch (error) {
    if (error instanceof Re2Error) return error.message;
    throw error;
  }
}

/** re2js: "error parsing regexp: WHAT: `WHERE`". RE2/J reports a stray parenthesis as an internal error. */
function description(message: string): string {
  const what = message.replace(/^error parsing regexp: /, '').replace(/: `[\s\S]*$/, '');
  return what === 'unexpected )' ? 'regexp/syntax: internal error' : what;
}
