import { expect, test } from 'vitest';
import { hashCopyOrder, hashOrder, javaHash } from '../../src/java/hash-order.js';
import { javaRegex } from '../../src/java/regex.js';

// results of String.matches on JDK 17
const MATCHES: [regex: string, text: string, outcome: boolean | 'error'][] = [
  ['a,b', 'a', false],
  ['[a-c&&[^b]]x', 'ax', true],
  ['[a-c&&[^b]]x', 'bx', false],
  ['\\Qa.b\\E', 'a.b', true],
  ['\\Qa.b\\E', 'axb', false],
  ['(?i)ABC', 'abc', true],
  ['x*+y', 'xxy', true],
  ['\\p{Alpha}+', 'abC', true],
  ['\\p{Alpha}+', 'ab1', false],
  ['\\p{Lu}', 'A', true],
  ['a]b}', 'a]b}', true],
  ['[]a]', ']', true],
  ['[a-]', '-', true],
  ['(?>ab|a)c', 'abc', true],
  ['test\\.topic', 'test.topic', true],
  ['test\\.topic', 'testxtopic', false],
  ['a{2,3}', 'aaa', true],
  ['a-b', 'a-b', true],
  ['[\\w.-]+', 'a.b-c_d', true],
  ['[^\\d]+', 'abc', true],
  ['\\Aabc\\z', 'abc', true],
  ['a|b', 'b', true],
  ['ab|c', 'ac', false],
  ['[a[bc]]+', 'abc', true],
  ['\\d+?', '12', true],
  ['a{', 'a{', 'error'],
  ['*a', 'a', 'error'],
  ['(', '(', 'error'],
  ['[a', 'a', 'error'],
  ['a**', 'a', 'error'],
  ['\\y', 'y', 'error'],
  ['a\\', 'a', 'error'],
  ['a{x}', 'a', 'error'],
  [')', '(', 'error'],
  ['\\', 'a', 'error'],
  ['[\\p{Digit}x]+', '1x2', true],
  ['#x', '#x', true],
  ['a&b', 'a&b', true],
  ['[a&b]+', 'a&b', true],
];

test.each(MATCHES)('the regular expression %s on %s', (regex, text, outcome) => {
  if (outcome === 'error') expect(() => javaRegex(regex, { whole: true })).toThrow(SyntaxError);
  else expect(javaRegex(regex, { whole: true }).test(text)).toBe(outcome);
});

test('String.hashCode and the order of a HashMap', () => {
  expect(javaHash('hello')).toBe(99162322);
  expect(javaHash('')).toBe(0);
  // kafka-topics.sh --describe of these six topics
  const names = ['cliq-alpha', 'cliq-beta', 'cliq-m1', 'cliq-m10', 'cliq-m2', 'cliq-zeta'];
  expect(hashOrder(hashCopyOrder(hashOrder(names, 6)), 6)).toEqual([
    'cliq-m1',
    'cliq-m10',
    'cliq-m2',
    'cliq-beta',
    'cliq-alpha',
    'cliq-zeta',
  ]);
});

// results of Pattern.compile on JDK 17
test.each([
  ['(', 'Unclosed group near index 1\n('],
  ['(?:a', 'Unclosed group near index 4\n(?:a'],
  ['[a', 'Unclosed character class near index 1\n[a\n ^'],
  ['a)', "Unmatched closing ')' near index 0\na)\n^"],
  ['a**', "Dangling meta character '*' near index 2\na**\n  ^"],
  ['a|*', "Dangling meta character '*' near index 2\na|*\n  ^"],
  ['a{x}', 'Illegal repetition near index 2\na{x}\n  ^'],
  ['a{2', 'Unclosed counted closure near index 3\na{2'],
  ['a{2,1}', 'Illegal repetition range near index 5\na{2,1}\n     ^'],
  ['a\\', 'Unexpected internal error near index 2\na\\'],
  ['\\y', 'Illegal/unsupported escape sequence near index 1\n\\y\n ^'],
  ['(?q)', 'Unknown inline modifier near index 2\n(?q)\n  ^'],
])('%s is no pattern, in Java’s words', (pattern, message) => {
  expect(() => javaRegex(pattern)).toThrow(new SyntaxError(message));
});
test.each(['(?:a)', '(?<n>a)', '(?=a)b*', '(?<!a)b', '((a))+', '(?i)a', 'a??'])('%s is one', (pattern) => {
  expect(javaRegex(pattern)).toBeInstanceOf(RegExp);
});
