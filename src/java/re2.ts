/**
 * RE2/J's regular expressions (com.google.re2j), which Kafka uses wherever a client sends the broker a pattern: matching
 * takes time linear in the text, whatever the pattern. By re2js, a port of that library, loaded on first use (12 ms).
 * Two patterns are refused here that RE2/J takes: nested repetitions of more than 1,000 in all, and an escaped letter
 * beyond ASCII.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** What is wrong with a pattern, in the words of RE2/J's PatternSyntaxException.getDescription(). */
export class Re2Error extends Error {
  override readonly name = 'Re2Error';
}

export interface Re2Pattern {
  /** instructions of the compiled program: the work a character costs at most */
  readonly size: number;
  /** Whether all of `text` matches. */
  matches(text: string): boolean;
}

/** Throws Re2Error. */
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

/** What is wrong with a pattern; undefined when nothing is. */
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
