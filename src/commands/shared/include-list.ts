/** A list of regular expressions that names topics. Mirrors server/common TopicFilter.IncludeList. */
import { javaRegex } from '../../java/regex.js';

/** The regular expression of an include list: drops enclosing quotes and blanks, and turns commas into alternation. */
export function includeSource(include: string): string {
  return include
    .trim()
    .replaceAll(',', '|')
    .replaceAll(' ', '')
    .replace(/^["']+/, '')
    .replace(/["']+$/, '');
}

/** Returns a predicate that matches whole names. Throws Java's error for an invalid regular expression. */
export function includeList(include: string): (name: string) => boolean {
  const regex = includeSource(include);
  try {
    const compiled = javaRegex(regex, { whole: true });
    return (name) => compiled.test(name);
  } catch {
    throw new Error(`${regex} is an invalid regex.`);
  }
}
