/**
 * ssl.principal.mapping.rules: maps a certificate's distinguished name to a user name. Mirrors SslPrincipalMapper,
 * including its treatment of odd rules: `RULE:pattern/replacement/[LU]` or `DEFAULT`; the first whose pattern matches
 * the whole name.
 */
import { javaRegex } from '../../java/regex.js';
import type { ListenerSettings } from './listener-settings.js';

interface Rule {
  /** undefined for DEFAULT: the name is used as it is */
  readonly replace: ((name: string) => string | undefined) | undefined;
}

/** Maps a distinguished name to a user; throws if no rule matches or a replacement refers to a nonexistent group. */
export type PrincipalRules = (distinguishedName: string) => string;

const RULE = String.raw`(DEFAULT)|RULE:((?:\\.|[^\\/])*)/((?:\\.|[^\\/])*)/([LU]?).*?|.*?`;
const SPACE = '[ \\t\\n\\v\\f\\r]*';

/** The rules of a listener. Throws ConfigError if they are invalid. */
export function principalRules(settings: ListenerSettings): PrincipalRules {
  const name = 'ssl.principal.mapping.rules';
  try {
    return parsePrincipalRules(settings.text(name) ?? 'DEFAULT');
  } catch (error) {
    throw settings.fail(name, (error as Error).message);
  }
}

/** Throws an Error with Java's message if a rule is invalid. */
export function parsePrincipalRules(text: string): PrincipalRules {
  const split = new RegExp(`${SPACE}(${RULE})${SPACE}(?:,${SPACE}|$)`, 'g');
  const rules = [...text.trim().matchAll(split)].flatMap(([, rule = '']) => parseRule(rule));
  return (name) => {
    for (const { replace } of rules) {
      const user = replace ? replace(name) : name;
      if (user !== undefined) return user;
    }
    throw new Error(`No rules apply to ${name}, rules ${text}`);
  };
}

function parseRule(rule: string): Rule[] {
  const found = new RegExp(RULE, 'y').exec(rule) as RegExpExecArray;
  const [{ length }, byDefault, pattern, replacement = '', letters] = found;
  if (length !== rule.length) {
    throw new Error(`Invalid rule: \`${rule}\`, unmatched substring: \`${rule.slice(length)}\``);
  }
  if (byDefault !== undefined) return [{ replace: undefined }];
  return pattern === undefined ? [] : [{ replace: replacer(pattern, replacement, letters) }];
}

function replacer(pattern: string, replacement: string, letters: string | undefined): Rule['replace'] {
  const whole = javaRegex(pattern, { whole: true });
  const part = new RegExp(javaRegex(pattern), `g${whole.flags}`);
  const groups = new RegExp(`|${whole.source}`, whole.flags).exec('')!.length - 1;
  const template = withLiteralReferences(replacement, groups);
  return (name) => {
    if (!whole.test(name)) return undefined;
    const user = name.replace(part, (...match) => expand(template, match, groups));
    return letters === 'L' ? user.toLowerCase() : letters === 'U' ? user.toUpperCase() : user;
  };
}

/**
 * Escapes a reference to a nonexistent group with a backslash, so that it is taken literally. As in Kafka only the
 * first one is escaped correctly: the positions of the others are not adjusted for the inserted characters.
 */
function withLiteralReferences(replacement: string, groups: number): string {
  if (groups === 0) return replacement;
  let value = replacement;
  for (const { 1: digits = '', index } of replacement.matchAll(/\$(\d+)/g)) {
    if (digits.startsWith('0')) continue;
    let group = Number(digits);
    while (group > groups && group >= 10) group = Math.floor(group / 10);
    if (group > groups) value = `${value.slice(0, index)}\\${value.slice(index)}`;
  }
  return value;
}

/**
 * Expands a Java replacement string: `$1` with as many digits as give an existing group, `${name}`, and `\` to escape.
 */
function expand(template: string, match: readonly unknown[], groups: number): string {
  const names = match.at(-1);
  return template.replace(/\\([\s\S])?|\$(?:\{([A-Za-z][A-Za-z0-9]*)\}|(\d+))?/g, (all, char, name, digits) => {
    if (char !== undefined) return char;
    if (name !== undefined && typeof names === 'object' && names !== null && name in names) {
      return String(Reflect.get(names, name) ?? '');
    }
    if (digits === undefined) throw new Error(`Illegal group reference: ${all}`);
    let used = 1;
    while (used < digits.length && Number(digits.slice(0, used + 1)) <= groups) used++;
    const group = Number(digits.slice(0, used));
    if (group > groups) throw new Error(`No group ${group}`);
    return String(match[group] ?? '') + digits.slice(used);
  });
}
