import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parser as cluster } from '../../src/commands/cluster/parser.js';
import { parser as perf } from '../../src/commands/perf/producer/parser.js';
import { readDefaults, withDefaults, withProgramDefaults } from '../../src/commands/shared/profiles.js';
import { parser as storage } from '../../src/commands/storage/index.js';
import { parser as transactions } from '../../src/commands/transactions/parser.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ts-kafka-defaults-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function config(text: string): { XDG_CONFIG_HOME: string } {
  mkdirSync(join(home, 'ts-kafka'), { recursive: true });
  writeFileSync(join(home, 'ts-kafka', 'config.json'), text);
  return { XDG_CONFIG_HOME: home };
}

const TWO = JSON.stringify({
  profile: 'local',
  profiles: {
    local: { 'bootstrap-server': 'l:1' },
    prod: { 'bootstrap-server': 'p:1', 'command-config': 'prod.properties' },
  },
});
const FLAGS = { 'bootstrap-server': {}, 'command-config': {} };

describe('defaults', () => {
  test('without a file and a variable there are no defaults', () => {
    const env = { XDG_CONFIG_HOME: home };
    expect(readDefaults(env).active).toBeUndefined();
    expect(withDefaults(['--list'], FLAGS, env)).toEqual(['--list']);
  });

  test('the active profile, overridden by TS_KAFKA_PROFILE, overridden by TS_KAFKA_BOOTSTRAP_SERVER', () => {
    const env = config(TWO);
    expect(withDefaults(['--list'], FLAGS, env)).toEqual(['--bootstrap-server', 'l:1', '--list']);
    expect(withDefaults(['--list'], FLAGS, { ...env, TS_KAFKA_PROFILE: 'prod' })).toEqual([
      '--bootstrap-server',
      'p:1',
      '--command-config',
      join(home, 'ts-kafka', 'prod.properties'),
      '--list',
    ]);
    const both = { ...env, TS_KAFKA_PROFILE: 'prod', TS_KAFKA_BOOTSTRAP_SERVER: 'v:1' };
    expect(withDefaults(['--list'], FLAGS, both)).toEqual(['--bootstrap-server', 'v:1', '--list']);
  });

  test.each([['--bootstrap-server'], ['--bootstrap-server=x:1'], ['-bootstrap-server'], ['--broker-list'], ['--help']])(
    '%s on the command line: nothing is added, not even read',
    (word) => {
      const env = config('not JSON');
      expect(withDefaults([word, 'x:1', '--list'], FLAGS, env)).toEqual([word, 'x:1', '--list']);
    },
  );

  test('no defaults are added to an empty command line, or for a command without --bootstrap-server', () => {
    const env = config(TWO);
    expect(withDefaults([], FLAGS, env)).toEqual([]);
    expect(withDefaults(['x'], {}, env)).toEqual(['x']);
  });

  test.each([
    ['not JSON', /config\.json is not a JSON object/],
    ['{"profile":"x"}', /has no profile "x": it names none/],
    ['{"profile":"x","profiles":{"a":{"bootstrap-server":"b"}}}', /it has "a"/],
    ['{"profiles":{"a":{}}}', /profile "a" has no "bootstrap-server"/],
  ])('%s is said', (text, words) => {
    expect(() => readDefaults(config(text))).toThrow(words);
  });
});

describe('defaults of commands with an argparse4j parser', () => {
  const env = { TS_KAFKA_BOOTSTRAP_SERVER: 'h:1', XDG_CONFIG_HOME: '/nowhere' };
  const B = ['--bootstrap-server', 'h:1'];
  test.each([
    ['in front of a sub-command', transactions, ['list'], [...B, 'list']],
    ['behind the sub-command that takes them', cluster, ['cluster-id'], ['cluster-id', ...B]],
    ['not where brokers are named', cluster, ['cluster-id', '-b', 'x:1'], ['cluster-id', '-b', 'x:1']],
    ['not where controllers are named', cluster, ['cluster-id', '-C', 'x:1'], ['cluster-id', '-C', 'x:1']],
    ['not without a sub-command', cluster, ['frob'], ['frob']],
    ['not for help', transactions, ['--help'], ['--help']],
    ['not where properties name brokers', perf, ['--topic', 't', '--command-config', 'f'], undefined],
    ['not where nothing takes them', storage, ['random-uuid'], ['random-uuid']],
  ] as const)('%s', (_, program, argv, expected) => {
    expect(withProgramDefaults(argv, program, env)).toEqual(expected ?? argv);
  });
});
