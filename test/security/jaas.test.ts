/** JAAS configurations, inline and in files, compared with org.apache.kafka.common.security.JaasContext of 4.4.0 and JDK 17. */
import { describe, expect, test } from 'vitest';
import { JaasError } from '../../src/security/errors.js';
import { parseJaasConfig, parseJaasFile } from '../../src/security/jaas.js';

const REFUSED = Symbol('refused');

/** The parsed value of a password option. */
function read(parse: () => Record<string, string> | undefined): string | undefined | typeof REFUSED {
  try {
    return parse()?.password;
  } catch (error) {
    if (error instanceof JaasError) return REFUSED;
    throw error;
  }
}

// recorded from Java: the value as written, as parsed from sasl.jaas.config, and as parsed from a file
// biome-ignore format: one row a value
test.each<[written: string, inline: string | symbol, file: string | symbol]>([
  ["\"a\\nb\\tc\\rd\"", "a\nb\tc\rd", "a\nb\tc\rd"],
  ["\"\\a\\b\\f\\v\"", "\u0007\b\f\u000b", "\u0007\b\f\u000b"],
  ["\"\\101\\1\\08\\377\\400\"", "A\u0001\u00008ÿ 0", "A\u0001\u00008ÿ 0"],
  ["\"\\c\\;\\\"\\\\\"", "c;\"\\", "c;\"\\"],
  ["'it is \"so\"'", "it is \"so\"", REFUSED],
  ["'it\\'s'", "it's", REFUSED],
  ["\"a // b /* c */\"", "a // b /* c */", "a // b /* c */"],
  ["\"a#b\"", "a#b", "a#b"],
  ["abc", "abc", "abc"],
  ["a1-b_c$d.e", "a1-b_c$d.e", "a1-b_c$d.e"],
  ["1234", REFUSED, REFUSED],
  ["12ab", REFUSED, REFUSED],
  ["-a", REFUSED, REFUSED],
  ["a;b", REFUSED, REFUSED],
  ["a/b", "a", "a"],
  ["a!b", REFUSED, REFUSED],
  ["ab*c", REFUSED, "ab*c"],
  ["\"cut\noff\"", REFUSED, REFUSED],
  ["\"open", "open", "open"],
  ["é", "é", "é"],
  ["\"é\"", "é", "é"],
  ["x // comment", "x", "x"],
  ["x /* c\n c */", "x", "x"],
  ["\"\"", "", ""],
])('password=%s', (written, inline, file) => {
  const module = `org.x.PlainLoginModule required password=${written}\n;`;
  expect(read(() => parseJaasConfig(module).options)).toBe(inline);
  expect(read(() => parseJaasFile(`KafkaClient {\n${module}\n};\n`, 'KafkaClient', 'f')?.[0]?.options)).toBe(file);
});

test('parses several lines, quotes, escapes and a package name', () => {
  const text =
    'org.apache.kafka.common.security.plain.PlainLoginModule required\n username="a"\n  password="b\\"c;=" ;';
  expect(parseJaasConfig(text)).toEqual({ name: 'PlainLoginModule', options: { username: 'a', password: 'b"c;=' } });
  expect(parseJaasConfig("X Required a=b 'c'='d';").options).toEqual({ a: 'b', c: 'd' });
});

describe('errors are one line', () => {
  const QUOTE = 'must be quoted, as in password="a;b"';
  test.each([
    ['', 'it is empty'],
    ['X required a="b"', '";" at the end expected'],
    ['X required a="b', '";" at the end expected'],
    ['X maybe a=b;', 'one of required, requisite, sufficient, optional expected'],
    ['X required a=b; Y required;', 'must name one login module, not several'],
    ['X required username=u password=se;cret;', QUOTE],
    ['X required password=123456;', QUOTE],
    ['X required password=se!cret;', QUOTE],
    ['X required password=se=cret;', QUOTE],
  ])('%s', (text, message) => {
    expect(() => parseJaasConfig(text)).toThrow(message);
    expect(() => parseJaasConfig(text)).not.toThrow(/cret|\n/);
  });
  test('errors never contain a password', () => {
    expect(() => parseJaasConfig('X required password="hunter2" oops')).not.toThrow(/hunter2/);
  });
});

describe('files', () => {
  const file = `// c\nKafkaServer { S required x="1";\n T optional; };\nKafkaClient {\n /* c */ C required username="u"; // c\n};`;
  test('a section can have several login modules', () => {
    expect(parseJaasFile(file, 'KafkaClient', 'f')).toEqual([{ name: 'C', options: { username: 'u' } }]);
    expect(parseJaasFile(file, 'KafkaServer', 'f')?.map(({ name }) => name)).toEqual(['S', 'T']);
    expect(parseJaasFile(file, 'Other', 'f')).toBeUndefined();
  });
  test('# does not start a comment, and a reference to a system property is rejected', () => {
    expect(() => parseJaasFile('A { S required; }; # c', 'A', 'f')).toThrow(JaasError);
    expect(() => parseJaasFile(`A { S required x="\${y}"; };`, 'A', 'f')).toThrow(
      /system properties are not supported/,
    );
  });
});
