import { describe, expect, test } from 'vitest';
import { FlagError, type UsageError } from '../../src/cli/errors.js';
import { type AnyFlag, flag, flagTable } from '../../src/cli/flags.js';
import { parseFlags } from '../../src/cli/jopt.js';
import recorded from './jopt-cases.json' with { type: 'json' };

const FLAGS = {
  topic: flag.string('topic', 'The topic'),
  list: flag.switch('l'),
  describe: flag.switch('d'),
  partitions: flag.int('# of partitions', 'n'),
  timeout: flag.long(undefined, '', { default: 30000n }),
  ratio: flag.double(undefined, ''),
  codec: flag.string('codec', 'c', { argument: 'optional' }),
  num: flag.int(undefined, 'c', { argument: 'optional' }),
  names: flag.string(undefined, 'c', { separator: ',' }),
  t: flag.string(undefined, ''),
  v: flag.switch(''),
  q: flag.switch(''),
  def: flag.string(undefined, 'd', { default: 'x' }),
  state: flag.string(undefined, '', { argument: 'optional', availableIf: ['describe', 'list'] }),
};
const REQUIRED = {
  must: flag.string(undefined, '', { required: true }),
  other: flag.string(undefined, '', { aliases: ['o', 'another'], required: true }),
};

interface Case {
  argv: string[];
  required?: boolean;
  error?: string;
  message?: string;
  given?: Record<string, { value: string; values: string }>;
}

function java(value: unknown, name: string): string {
  if (value === undefined || value === true) return 'null';
  if (Array.isArray(value)) return `[${value.map((item) => java(item, name)).join(', ')}]`;
  return name === 'ratio' && Number.isInteger(value) ? `${value}.0` : String(value);
}

function shown(read: () => unknown, name: string): string {
  try {
    return java(read(), name);
  } catch (error) {
    return `!${(error as Error).message}`;
  }
}

describe('argv is read as JOpt Simple reads it', () => {
  test.each((recorded.cases as Case[]).map((c) => [c.argv.join(' '), c] as const))('%s', (_, c) => {
    const table = flagTable({
      intro: 'intro',
      onParseError: 'uncaught',
      flags: (c.required ? { ...FLAGS, ...REQUIRED } : FLAGS) as Record<string, AnyFlag>,
    });
    if (c.error) {
      const wanted = `Exception in thread "main" joptsimple.${c.error}: ${c.message}`;
      expect(() => table.parse(c.argv.length ? c.argv : ['stray'])).toThrow(wanted);
      return;
    }
    const fail = (error: FlagError) => error;
    const detected = parseFlags(table.flags, c.argv, fail);
    expect([...detected.keys()].filter((name) => name !== 'must' && name !== 'other').sort()).toEqual(
      Object.keys(c.given!).sort(),
    );
    if (c.argv.some((word) => word === '--help' || word === '--version')) return;
    const options = table.parse(c.argv);
    for (const [name, { value, values }] of Object.entries(c.given!)) {
      const isSwitch = table.flags[name]!.argument === 'none';
      expect(shown(() => (isSwitch ? undefined : options.value(name)), name)).toBe(value);
      expect(shown(() => options.values(name), name)).toBe(values);
    }
  });
});

describe('a flag table', () => {
  const table = flagTable({ intro: 'intro', noArguments: 'none', onParseError: 'message', flags: FLAGS });
  const thrown = (argv: string[]) => {
    try {
      table.parse(argv);
    } catch (error) {
      return error as UsageError;
    }
    throw new Error('nothing was thrown');
  };

  test('defaults are values, but has() is false for them', () => {
    const options = table.parse(['--list']);
    expect(options.has('timeout')).toBe(false);
    expect(options.value('timeout')).toBe(30000n);
    expect(options.value('topic')).toBeUndefined();
  });

  test('--help, no arguments and --version end the command', () => {
    expect(thrown(['--help']).stderr).toMatch(/^intro\nOption {2,}Description/);
    expect(thrown([]).stderr).toMatch(/^none\nOption/);
    expect(thrown(['--list', '--version'])).toMatchObject({ stdout: '4.4.0\n', stderr: '', code: 0 });
  });

  test('an unknown flag is reported without the option table, with a suggestion for a terminal', () => {
    expect(thrown(['--topc', 'a'])).toMatchObject({
      stderr: 'topc is not a recognized option\n',
      code: 1,
      hint: 'Did you mean --topic?',
    });
    expect(thrown(['--zookeeper', 'a']).hint).toBeUndefined();
  });

  test('rules between flags', () => {
    const options = table.parse(['--topic', 'a', '--list']);
    expect(() => options.required('topic', 'codec')).toThrow('Missing required argument "[codec]"');
    expect(() => options.forbidden('topic', 'codec', 'list')).toThrow(
      'Option "[topic]" can\'t be used with option "[list]"',
    );
    expect(() => options.forbidden('codec', 'list')).not.toThrow();
    expect(() => options.exactlyOne('topic', 'list')).toThrow(
      'Exactly one of the following arguments is required: [topic], [list]',
    );
  });

  test('an invalid value is an error only when it is read', () => {
    const options = table.parse(['--partitions', 'three']);
    expect(() => options.value('partitions')).toThrow(FlagError);
    expect(() => options.value('partitions')).toThrow("Cannot parse argument 'three' of option partitions");
  });
});
