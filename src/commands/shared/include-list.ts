/** A list of regular expressions that names topics. Mirrors server/common TopicFilter.IncludeList. */
import { javaRegex } from '../../java/regex.js';

/** Quotes around it and blanks within are dropped, commas are alternation. */
export function includeSource(include: string): string {
  return include
    .trim()
    .replaceAll(',', '|')
    .replaceAll(' ', '')
    .replace(/^["']+/, '')
    .replace(/["']+$/, '');
}

/** Whether a whole name matches. Throws, in Java's words, what is no regular expression. */
export function includeList(include: string): (name: string) => boolean {
  const regex = includeSource(include);
  try {
    const compiled = javaRegex(regex, { whole: true });
    return (name) => compiled.test(name);
  } catch {
    throw new Error(`${regex} is an invalid regex.`);
  }
}
