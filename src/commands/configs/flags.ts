/** The flags of kafka-configs.sh and the rules between them. Mirrors tools/ConfigCommand.ConfigCommandOptions. */
import { lookup } from 'node:dns/promises';
import { CommandError } from '../../cli/errors.js';
import { flag, flagTable, type Options } from '../../cli/flags.js';

export const flags = flagTable({
  intro:
    'This tool helps to manipulate and describe entity config for a topic, client, user, broker, ip, client-metrics or group',
  onParseError: 'message',
  flags: {
    'bootstrap-server': flag.string('server to connect to', 'host:port of one or more brokers.'),
    'bootstrap-controller': flag.string('controller to connect to', 'host:port of one or more controllers.'),
    'command-config': flag.string('command config property file', "File with the client's properties.", {
      completes: 'file',
    }),
    alter: flag.switch('Alter the configs of the entity.'),
    describe: flag.switch('Describe the configs of the entity.'),
    all: flag.switch('With --describe: all configs, including those from the configuration file and the defaults.'),
    'entity-type': flag.string(
      undefined,
      'Entity type, one of: topics/clients/users/brokers/broker-loggers/ips/client-metrics/groups',
      {
        completes: ['topics', 'clients', 'users', 'brokers', 'broker-loggers', 'ips', 'client-metrics', 'groups'],
      },
    ),
    'entity-name': flag.string(
      undefined,
      'Entity name: of a topic, client, user, broker, ip, client metrics resource or group.',
    ),
    'entity-default': flag.switch('The default entity of clients, users, brokers or ips, instead of a name.'),
    'add-config': flag.string(
      undefined,
      "Configs to set: 'k1=v1,k2=[v1,v2,v2],k3=v3', with brackets around values that hold commas. For users also " +
        'SCRAM-SHA-256 and SCRAM-SHA-512: [iterations=8192,password=…]. Types users and clients may be given together.',
    ),
    'add-config-file': flag.string(undefined, 'A properties file with configs to set.', { completes: 'file' }),
    'delete-config': flag.string(undefined, "Configs to remove: 'k1,k2'"),
    topic: flag.string(undefined, "A topic's name.", { completes: 'topic' }),
    client: flag.string(undefined, "A client's id."),
    'client-defaults': flag.switch('The defaults of all clients.'),
    user: flag.string(undefined, "A user's principal name."),
    'user-defaults': flag.switch('The defaults of all users.'),
    broker: flag.string(undefined, "A broker's id."),
    'broker-defaults': flag.switch('The defaults of all brokers.'),
    'broker-logger': flag.string(undefined, "A broker's id, for its loggers."),
    ip: flag.string(undefined, 'An IP address.'),
    'ip-defaults': flag.switch('The defaults of all IP addresses.'),
    'client-metrics': flag.string(undefined, 'The name of a client metrics resource.'),
    group: flag.string(undefined, "A group's id.", { completes: 'group' }),
  },
});

export type ConfigOptions = Options<(typeof flags)['flags']>;

const TYPES = ['broker-loggers', 'topics', 'clients', 'users', 'brokers', 'ips', 'client-metrics', 'groups'] as const;
export type EntityType = (typeof TYPES)[number];

const NAMED = [
  ['topic', 'topics'],
  ['client', 'clients'],
  ['user', 'users'],
  ['broker', 'brokers'],
  ['broker-logger', 'broker-loggers'],
  ['ip', 'ips'],
  ['client-metrics', 'client-metrics'],
  ['group', 'groups'],
] as const;
const DEFAULTS = [
  ['client-defaults', 'clients'],
  ['user-defaults', 'users'],
  ['broker-defaults', 'brokers'],
  ['ip-defaults', 'ips'],
] as const;
const WITH_DEFAULTS: readonly EntityType[] = ['users', 'clients', 'brokers', 'ips'];

/** The entity to describe or alter. `types` and `names` pair up by index; the name '' is the default entity. */
export interface Entities {
  readonly types: readonly EntityType[];
  readonly names: readonly string[];
}

const refuse = (message: string): CommandError => new CommandError(message);

/** Returns the entities. Throws the Java tool's error for flags that exclude or require each other. */
export function checkOptions(options: ConfigOptions): Entities {
  if (options.has('alter') === options.has('describe'))
    throw options.usage('Command must include exactly one action: --describe, --alter');
  options.forbidden('alter', 'describe');
  options.forbidden('describe', 'alter', 'add-config', 'delete-config');
  const types = checkTypes(options);
  const names = namesOf(options);
  if (options.has('bootstrap-server') && options.has('bootstrap-controller'))
    throw refuse('Only one of --bootstrap-server or --bootstrap-controller can be specified');
  checkNames(types, names, options);
  if (options.has('describe')) checkDescribe(options, types, names);
  else checkAlter(options, types, names);
  return { types, names };
}

function checkTypes(options: ConfigOptions): EntityType[] {
  const flagged = [...NAMED, ...DEFAULTS].filter(([name]) => options.has(name)).map(([, type]) => type);
  const types: string[] = [...options.values('entity-type'), ...flagged];
  const twice = types.filter((type, i) => types.indexOf(type) !== i);
  if (twice.length > 0) throw refuse(`Duplicate entity type(s) specified: ${[...new Set(twice)].join(',')}`);
  if (!options.has('bootstrap-server') && !options.has('bootstrap-controller'))
    throw refuse('Either --bootstrap-server or --bootstrap-controller must be specified.');
  for (const type of types) {
    if ((TYPES as readonly string[]).includes(type)) continue;
    throw refuse(
      `Invalid entity type ${type}, the entity type must be one of ${TYPES.join(', ')} with a --bootstrap-server or --bootstrap-controller argument`,
    );
  }
  if (types.length === 0) throw refuse('At least one entity type must be specified');
  if (types.length > 1 && !(types.length === 2 && types.includes('users') && types.includes('clients')))
    throw refuse("Only 'users' and 'clients' entity types may be specified together");
  const generic = options.has('entity-name') || options.has('entity-type') || options.has('entity-default');
  if (generic && flagged.length > 0)
    throw refuse('--entity-{type,name,default} should not be used in conjunction with specific entity flags');
  return types as EntityType[];
}

/** Names in command-line order; '' for the default entity. */
function namesOf(options: ConfigOptions): string[] {
  const typed = options.values('entity-name');
  const generic = options.has('entity-default')
    ? options.isBefore('entity-default', 'entity-name')
      ? ['', ...typed]
      : [...typed, '']
    : typed;
  const flagged = NAMED.filter(([name]) => options.has(name)).map(([name]) => options.value(name) as string);
  return [...generic, ...flagged, ...DEFAULTS.filter(([name]) => options.has(name)).map(() => '')];
}

function checkNames([type]: readonly EntityType[], names: readonly string[], options: ConfigOptions): void {
  const given = names.filter((name) => name !== '');
  // throws if the flag was given more than once, as Java does here
  if (given.length > 0 && (type === 'brokers' || type === 'broker-loggers' || type === 'ips'))
    options.value('entity-name');
  if (type === 'brokers' || type === 'broker-loggers') {
    const bad = given.find((name) => !/^[+-]?\d+$/.test(name) || Math.abs(Number(name)) > 2147483647);
    if (bad !== undefined)
      throw refuse(`The entity name for ${type} must be a valid integer broker id, but it is: ${bad}`);
  }
}

/** Throws unless every entity of type ips is an IP address or a host name that resolves. */
export async function checkAddresses({ types, names }: Entities): Promise<void> {
  if (!types.includes('ips')) return;
  for (const name of names.filter((n) => n !== '')) {
    await lookup(name).catch(() => {
      throw refuse(`The entity name for ips must be a valid IP or resolvable host, but it is: ${name}`);
    });
  }
}

function checkDescribe(options: ConfigOptions, types: readonly EntityType[], names: readonly string[]): void {
  if (options.has('entity-default') && !types.some((type) => WITH_DEFAULTS.includes(type)))
    throw refuse(`--entity-default must not be specified with --describe of ${types.join(',')}`);
  if (types.includes('broker-loggers') && !names.some((name) => name !== ''))
    throw refuse(`An entity name must be specified with --describe of ${types.join(',')}`);
}

function checkAlter(options: ConfigOptions, types: readonly EntityType[], names: readonly string[]): void {
  const named = names.some((name) => name !== '');
  if (types.some((type) => WITH_DEFAULTS.includes(type))) {
    if (names.length === 0)
      throw refuse('An entity-name or default entity must be specified with --alter of users, clients, brokers or ips');
  } else if (!named) throw refuse(`An entity name must be specified with --alter of ${types.join(',')}`);
  if (options.has('add-config') && options.has('add-config-file'))
    throw refuse('Only one of --add-config or --add-config-file must be specified');
  if (!options.has('add-config') && !options.has('add-config-file') && !options.has('delete-config'))
    throw refuse('At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter');
}
