import { CommandError } from '../../cli/errors.js';
import { flag, flagTable, type Options } from '../../cli/flags.js';
import { parseInteger } from '../../java/integer.js';

const SELECTORS = [
  'client_id',
  'client_instance_id',
  'client_software_name',
  'client_software_version',
  'client_source_address',
  'client_source_port',
];

export const flags = flagTable({
  intro: 'This tool helps to manipulate and describe client metrics configurations.',
  onParseError: 'usage',
  flags: {
    'bootstrap-server': flag.string('server to connect to', 'REQUIRED: host:port of one or more brokers.'),
    'command-config': flag.string('command config property file', "File with the client's properties.", {
      completes: 'file',
    }),
    alter: flag.switch("Change a resource's configs."),
    delete: flag.switch("Delete a resource's configs."),
    describe: flag.switch('Describe client metrics resources.'),
    list: flag.switch('List the names of client metrics resources.'),
    name: flag.string('name', 'The name of a client metrics resource.'),
    'generate-name': flag.switch('With --alter: create a resource with a generated UUID as its name.'),
    interval: flag.string('push interval', 'How often clients push metrics, ms.\nLeave empty to reset to the default.'),
    match: flag.string(
      'k1=v1,k2=v2',
      `Which clients push metrics, as 'k1=v1,k2=v2'. The selectors are:\n${SELECTORS.map((name) => `\t${name}`).join('\n')}`,
      { separator: ',' },
    ),
    metrics: flag.string('m1,m2', "Which metrics clients push, as prefixes of metric names: 'm1,m2'.", {
      separator: ',',
    }),
  },
});

export type ClientMetricsOptions = Options<(typeof flags)['flags']>;

const ACTIONS = ['alter', 'delete', 'describe', 'list'] as const;
export type Action = (typeof ACTIONS)[number];

/** Returns the one action. Throws the Java tool's error for flags that exclude or require each other. */
export function checkOptions(options: ClientMetricsOptions): Action {
  const [action, another] = ACTIONS.filter((name) => options.has(name));
  if (action === undefined || another !== undefined)
    throw options.usage('Command must include exactly one action: --alter, --delete, --describe or --list.');
  if (!options.has('bootstrap-server')) throw new CommandError('--bootstrap-server must be specified.');
  options.forbidden('delete', 'generate-name', 'interval', 'match', 'metrics');
  options.forbidden('describe', 'generate-name', 'interval', 'match', 'metrics');
  options.forbidden('list', 'name', 'generate-name', 'interval', 'match', 'metrics');
  if (action === 'alter') checkAlter(options);
  if (action === 'delete' && !options.has('name'))
    throw new CommandError('A client metrics resource name must be specified with --delete.');
  return action;
}

function checkAlter(options: ClientMetricsOptions): void {
  if (options.has('name') === options.has('generate-name'))
    throw new CommandError('One of --name or --generate-name must be specified with --alter.');
  const interval = options.value('interval');
  if (!interval) return;
  try {
    parseInteger(interval);
  } catch {
    throw new CommandError('Invalid interval value. Enter an integer, or leave empty to reset.');
  }
}
