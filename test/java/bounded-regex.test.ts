/** Patterns typed by users behave like Java's, but never hang. */
import { expect, test } from 'vitest';
import { SlowPatternError } from '../../src/java/bounded-regex.js';
import { javaRegex, javaSplit } from '../../src/java/regex.js';

const LONG = `${'a'.repeat(60)}-`;

test.concurrent.each(['(a+)+', '(a|a)+', '(a|a)(a|a)?'.repeat(15), 'a*a*a*a*a*a*a*a*a*a*b'])(
  '%s ends with an error',
  (pattern) => {
    const start = performance.now();
    const text = pattern.endsWith('b') ? 'a'.repeat(249) : LONG;
    expect(() => javaRegex(`${pattern}!`, { whole: true }).test(text)).toThrow(SlowPatternError);
    expect(performance.now() - start).toBeLessThan(6_000);
  },
);

test('the error contains the pattern as typed; all matches of one pattern share the time limit', () => {
  const regex = javaRegex('(a+)+!', { whole: true });
  expect(() => regex.test(LONG)).toThrow(
    `The regular expression (a+)+! takes more than 3 s on "${'a'.repeat(60)}...":`,
  );
  const start = performance.now();
  expect(() => regex.test(LONG)).toThrow(SlowPatternError);
  expect(performance.now() - start).toBeLessThan(1_000);
});

test('a bounded pattern still matches, splits and captures groups', () => {
  const regex = javaRegex('(x+)(y)*');
  expect(regex.test('..xxy')).toBe(true);
  expect(regex.exec('..xxy')?.slice()).toEqual(['xxy', 'xx', 'y']);
  expect(javaSplit('1xx2xy3', javaRegex('(x+)(y)*', { global: true }))).toEqual(['1', '2', '3']);
  expect(() => javaSplit(LONG, javaRegex('(a+)+!', { global: true }))).toThrow(SlowPatternError);
});

// recorded from "…".split(regex) of JDK 17
test.each<[text: string, regex: string, parts: string[]]>([
  ['a;b\nc;d\n', '(\n|;)', ['a', 'b', 'c', 'd']],
  ['', ',', ['']],
  [',', ',', []],
  [',a,,', ',', ['', 'a']],
  ['abc', '', ['a', 'b', 'c']],
  ['axb', 'x*', ['a', '', 'b']],
  ['xab', 'x*', ['', '', 'a', 'b']],
  ['a1b', '\\p{Digit}', ['a', 'b']],
])('%j split at %j is %j', (text, regex, parts) => {
  expect(javaSplit(text, javaRegex(regex, { global: true }))).toEqual(parts);
});
