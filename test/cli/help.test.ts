import { expect, test } from 'vitest';
import { flag } from '../../src/cli/flags.js';
import { optionTable } from '../../src/cli/help.js';

// output of JOpt Simple 5.0.4 for this table
const RECORDED = [
  'Option                                 Description                          ',
  '------                                 -----------                          ',
  '--bootstrap-server <String: server to  REQUIRED: host1:port1,host2:port2 of ',
  '  connect to>                            "one" or more brokers.             ',
  '--config <String: name=value>          One of:                              ',
  '                                       \tcleanup.policy                      ',
  '                                       \tfollower.replication.throttled.     ',
  '                                         replicas                           ',
  '                                       Only with --create.                  ',
  '--list                                 List all topics.                     ',
  '--replica-assignment <String:          Which brokers hold which partition   ',
  '  broker_id_for_part1_replica1 :         (1.5 or -1, see --partitions and --',
  '  broker_id_for_part1_replica2 , ...>    replication-factor).               ',
  '--state [String]                       The state.                           ',
  '--timeout <Long: timeout (ms)>         How long. (default: 30000)           ',
  '',
].join('\n');

test('the option table has the layout of JOpt Simple, trailing blanks included', () => {
  expect(optionTable(TABLE)).toBe(RECORDED);
});

const TABLE = {
  'bootstrap-server': flag.string(
    'server to connect to',
    'REQUIRED: host1:port1,host2:port2 of "one" or more brokers.',
  ),
  'replica-assignment': flag.string(
    'broker_id_for_part1_replica1 : broker_id_for_part1_replica2 , ...',
    'Which brokers hold which partition (1.5 or -1, see --partitions and --replication-factor).',
  ),
  config: flag.string(
    'name=value',
    'One of:\n\tcleanup.policy\n\tfollower.replication.throttled.replicas\nOnly with --create.',
  ),
  timeout: flag.long('timeout (ms)', 'How long.', { default: 30000n }),
  state: flag.string(undefined, 'The state.', { argument: 'optional' }),
  list: flag.switch('List all topics.'),
};
