import { flag, flagTable, type Options } from '../../cli/flags.js';

const THROTTLE =
  'in bytes/s, at least 1 KB/s. With --execute; to change it later, submit the same plan again with --additional.';

export const flags = flagTable({
  intro: 'This tool helps to move topic partitions between replicas.',
  onParseError: 'uncaught',
  flags: {
    verify: flag.switch(
      'Verify whether the plan in --reassignment-json-file is complete; if so, remove the throttles.',
    ),
    generate: flag.switch('Generate a plan without executing it.'),
    execute: flag.switch('Execute the plan in --reassignment-json-file.'),
    cancel: flag.switch('Cancel an active reassignment.'),
    list: flag.switch('List active reassignments.'),
    'bootstrap-server': flag.string('Server(s) to use for bootstrapping', 'host:port of one or more brokers.', {
      argument: 'optional',
    }),
    'command-config': flag.string('Admin client property file', "File with the client's properties.", {
      completes: 'file',
    }),
    'reassignment-json-file': flag.string(
      'manual assignment json file path',
      [
        'A JSON file with the plan, in this form:',
        '{"partitions":',
        '\t[{"topic": "foo",',
        '\t  "partition": 1,',
        '\t  "replicas": [1,2,3],',
        '\t  "log_dirs": ["dir1","dir2","dir3"] }],',
        '"version":1',
        '}',
        '"log_dirs" is optional: one absolute path, or "any", for each replica. Without it, brokers choose.',
      ].join('\n'),
      { completes: 'file' },
    ),
    'topics-to-move-json-file': flag.string(
      'topics to reassign json file path',
      'With --generate: a JSON file with the topics to move to the brokers of --broker-list:\n' +
        '{"topics":\n\t[{"topic": "foo"},{"topic": "foo1"}],\n"version":1\n}',
      { completes: 'file' },
    ),
    'broker-list': flag.string('brokerlist', 'With --generate: the brokers to move partitions to, "0,1,2".'),
    'bootstrap-controller': flag.string(
      'bootstrap controller to connect to',
      'host:port of one or more controllers, for --cancel and --list.',
      { argument: 'optional' },
    ),
    'disable-rack-aware': flag.switch('Disable rack-aware replica assignment.'),
    throttle: flag.long('throttle', `Throttle for moving partitions between brokers, ${THROTTLE}`, { default: -1n }),
    'replica-alter-log-dirs-throttle': flag.long(
      'replicaAlterLogDirsThrottle',
      `Throttle for moving replicas between log directories of a broker, ${THROTTLE}`,
      { default: -1n },
    ),
    timeout: flag.long('timeout', 'How long to wait for log directory moves to start, ms.', { default: 10000n }),
    additional: flag.switch('Execute in addition to active reassignments. Also changes the throttle of an active one.'),
    'preserve-throttles': flag.switch('Do not change the throttles of brokers and topics.'),
    'disallow-replication-factor-change': flag.switch('Reject plans that would change the replication factor.'),
  },
});

export type ReassignOptions = Options<(typeof flags)['flags']>;

const ACTIONS = ['generate', 'execute', 'verify', 'cancel', 'list'] as const;
export type Action = (typeof ACTIONS)[number];

type Name = keyof (typeof flags)['flags'];
const REQUIRED: Readonly<Record<Action, readonly Name[]>> = {
  verify: ['reassignment-json-file'],
  generate: ['topics-to-move-json-file', 'broker-list'],
  execute: ['reassignment-json-file'],
  cancel: ['reassignment-json-file'],
  list: [],
};
const PERMITTED: Readonly<Record<Action, readonly Name[]>> = {
  verify: ['bootstrap-server', 'command-config', 'preserve-throttles'],
  generate: ['bootstrap-server', 'command-config', 'disable-rack-aware'],
  execute: [
    'additional',
    'bootstrap-server',
    'command-config',
    'throttle',
    'replica-alter-log-dirs-throttle',
    'timeout',
    'disallow-replication-factor-change',
  ],
  cancel: ['bootstrap-server', 'bootstrap-controller', 'command-config', 'preserve-throttles', 'timeout'],
  list: ['bootstrap-server', 'bootstrap-controller', 'command-config'],
};

/** Returns the one action. Throws the Java tool's usage error for flags that exclude or require each other. */
export function checkOptions(options: ReassignOptions): Action {
  const [action, another] = ACTIONS.filter((name) => options.has(name));
  if (action === undefined || another !== undefined)
    throw options.usage(`Command must include exactly one action: ${ACTIONS.map((name) => `--${name}`).join(', ')}`);
  const servers = (['bootstrap-server', 'bootstrap-controller'] as const).filter((name) => options.has(name));
  if (servers.length === 2)
    throw options.usage("Please don't specify both --bootstrap-server and --bootstrap-controller");
  if (servers.length === 0) throw options.usage('Please specify either --bootstrap-server or --bootstrap-controller');
  options.required(...REQUIRED[action]);
  const known: readonly Name[] = [action, ...REQUIRED[action], ...PERMITTED[action]];
  const stray = options.given().find((name) => !known.includes(name));
  if (stray) throw options.usage(`Option "[${stray}]" can't be used with action "[${action}]"`);
  return action;
}
