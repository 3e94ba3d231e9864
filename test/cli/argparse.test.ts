/** Help and errors of the parser, compared with the output of argparse4j 0.7.0 for the same parser (argparse-cases.txt). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { type ProgramSpec, parseArguments } from '../../src/cli/argparse/index.js';
import { CommandError } from '../../src/cli/errors.js';
import type { Io } from '../../src/cli/io.js';
import { formatFixed } from '../../src/java/double.js';

const PROGRAM: ProgramSpec = {
  prog: 'prog',
  defaultHelp: true,
  helpCode: 1,
  description: 'Says what a store of apples holds, and moves them from one basket to another one.',
  arguments: [
    { names: ['--topic', '-t'], required: true, help: 'One basket.' },
    {
      names: ['--count'],
      type: 'int',
      default: 7,
      metavar: 'N',
      help: 'How many apples are moved, which may be more than there are, and then all that are there go.',
    },
    { names: ['--left', '-l'], group: 'side', help: 'To the left-hand basket/box.' },
    { names: ['--right'], action: 'true', group: 'side', help: 'To the right.' },
    { names: ['--colour'], choices: ['red', 'green'], group: 'colours', help: 'The colour.' },
    { names: ['--props'], nargs: '+', metavar: 'K=V', help: 'Properties.' },
  ],
  groups: {
    side: { exclusive: true, required: true },
    colours: {
      exclusive: true,
      title: 'Colours',
      description: 'Only one of the colours that there are can be chosen for all apples at once.',
    },
  },
  commands: {
    parsers: {
      move: {
        help: 'Move them.',
        arguments: [
          { names: ['--id'], type: 'long', required: true, help: 'Whose.' },
          { names: ['--force', '-f'], action: 'true', help: '' },
          { names: ['--half'], type: 'short', help: '' },
        ],
      },
      'count-them-all-and-more': { help: 'Count them.', arguments: [] },
    },
  },
};

const io = (env: Io['env'] = {}): Io => ({
  stdin: new PassThrough(),
  stdout: new PassThrough(),
  stderr: new PassThrough(),
  env,
  isTTY: { stdin: false, stdout: false, stderr: false },
  signal: new AbortController().signal,
});

const recorded = readFileSync(join(import.meta.dirname, 'argparse-cases.txt'), 'utf8')
  .split('\n.\n')
  .flatMap((part) => {
    const [, line, output = ''] = /^\$ ?(.*)\n?([\s\S]*)$/m.exec(part) ?? [];
    return line === undefined ? [] : [{ line, output }];
  });

function printed(argv: readonly string[], env?: Io['env']): string {
  try {
    parseArguments(PROGRAM, argv, io(env));
    return 'ok';
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return (error.stdout + error.stderr).trimEnd();
  }
}

describe('argparse4j', () => {
  test('all recorded cases are loaded', () => expect(recorded.length).toBe(23));
  test.each(recorded)('$line', ({ line, output }) => {
    expect(printed(line === '' ? [] : line.split(' '))).toBe(output.trimEnd());
  });
});

test('an option that Kafka does not have: only its full name reaches it, and only the hint for a terminal lists it', () => {
  const program: ProgramSpec = {
    prog: 'prog',
    helpCode: 1,
    arguments: [
      { names: ['--topic'], help: 'One.' },
      { names: ['--output'], hidden: true, help: 'How it is printed.' },
    ],
  };
  const thrown = (argv: readonly string[]): CommandError => {
    try {
      parseArguments(program, argv, io());
    } catch (error) {
      if (error instanceof CommandError) return error;
    }
    throw new Error('parsed');
  };
  const help = thrown(['--help']);
  expect(help.stdout + help.stderr).toContain('--topic');
  expect(help.stdout + help.stderr).not.toContain('--output');
  expect(help.hint).toMatch(/^\nNot in Kafka's own script:\n {2}--output OUTPUT +How it is printed\.\n$/);
  expect(thrown(['--outp', 'json']).stderr).toContain("unrecognized arguments: '--outp'");
  expect(parseArguments(program, ['--output', 'json'], io()).text('output')).toBe('json');
});

test('values: defaults, types, joined and abbreviated options, the last of repeated ones', () => {
  const args = parseArguments(
    PROGRAM,
    ['-tx', '--ri', '--top=y', '--props', 'a=b', 'c=d', '--count', '8', 'move', '--id', '9007199254740993', '-f'],
    io(),
  );
  expect(args.command).toBe('move');
  expect(args.text('topic')).toBe('y');
  expect(args.texts('props')).toEqual(['a=b', 'c=d']);
  expect(args.number('count')).toBe(8);
  expect(args.long('id')).toBe(9007199254740993n);
  expect([args.has('right'), args.has('left'), args.has('force')]).toEqual([true, false, true]);
  const fewer = parseArguments(PROGRAM, ['-tx', '--right', 'move', '--id', '1'], io());
  expect(fewer.number('count')).toBe(7);
});

test('COLUMNS sets the width, minus a margin', () => {
  const widest = Math.max(
    ...printed(['--help'], { COLUMNS: '60' })
      .split('\n')
      .map((line) => line.length),
  );
  expect(widest).toBeLessThanOrEqual(55);
});

// output of String.format on JDK 17
test.each([
  [0.125, 2, '0.13'],
  [1.005, 2, '1.01'],
  [2.5, 0, '3'],
  [1234567.891, 1, '1234567.9'],
  [1e21, 1, '1000000000000000000000.0'],
  [1.5e-7, 6, '0.000000'],
  [-0.05, 1, '-0.1'],
  [Number.NaN, 2, 'NaN'],
  [Number.POSITIVE_INFINITY, 1, 'Infinity'],
])('%d with %d digits is %s', (value, digits, text) => expect(formatFixed(value, digits)).toBe(text));
