import { flag, flagTable, type Options } from '../../cli/flags.js';

const PATTERN_TYPES = ['ANY', 'MATCH', 'LITERAL', 'PREFIXED'];
const WILD = "'*' means all of them.";
const SERVERS = "host:port of one or more %, separated by commas. Needed to manage ACLs through the cluster's API.";

export const OPERATION_NAMES = [
  'Read',
  'Write',
  'Create',
  'Delete',
  'Alter',
  'Describe',
  'ClusterAction',
  'DescribeConfigs',
  'AlterConfigs',
  'IdempotentWrite',
  'CreateTokens',
  'DescribeTokens',
  'TwoPhaseCommit',
  'All',
];

export const flags = flagTable({
  intro: 'This tool helps to manage acls on kafka.',
  onParseError: 'usage',
  flags: {
    'bootstrap-server': flag.string('server to connect to', SERVERS.replace('%', 'brokers')),
    'bootstrap-controller': flag.string('controller to connect to', SERVERS.replace('%', 'controllers')),
    'command-config': flag.string('command-config', "File with the client's properties.", {
      argument: 'optional',
      completes: 'file',
    }),
    topic: flag.string('topic', `The topic that the ACLs apply to. ${WILD}`, { completes: 'topic' }),
    cluster: flag.switch('The ACLs apply to the cluster.'),
    group: flag.string('group', `The consumer group that the ACLs apply to. ${WILD}`, { completes: 'group' }),
    'transactional-id': flag.string('transactional-id', `The transactional id that the ACLs apply to. ${WILD}`),
    idempotent: flag.switch(
      'With --producer: allow idempotent writes. Principals authorized for a transactional id do not need this.',
    ),
    'delegation-token': flag.string('delegation-token', `The delegation token that the ACLs apply to. ${WILD}`),
    'resource-pattern-type': flag.string(
      undefined,
      "How resource names are matched. --add takes 'literal' or 'prefixed'. --list and --remove also take 'any' (ACLs of " +
        "any pattern type with exactly this name) and 'match' (every ACL that affects this name; use with care in --remove).",
      {
        typeName: PATTERN_TYPES.join('|'),
        default: 'LITERAL',
        check: (text) => {
          if (!PATTERN_TYPES.includes(text.toUpperCase())) throw new Error('not a pattern type');
        },
        completes: PATTERN_TYPES.map((type) => type.toLowerCase()),
      },
    ),
    add: flag.switch('Add ACLs.'),
    remove: flag.switch('Remove ACLs.'),
    list: flag.switch(
      'List the ACLs of the resources given by --topic, --group, --cluster and so on, or of all resources.',
    ),
    operation: flag.string(
      undefined,
      `The operation to allow or deny, one of:\n${OPERATION_NAMES.map((name) => `\t${name}\n`).join('')}`,
      { default: 'All', completes: OPERATION_NAMES },
    ),
    'allow-principal': flag.string(
      'allow-principal',
      "The principal to allow, as principalType:name. The authorizer must support the type. User:'*' means every user.",
    ),
    'deny-principal': flag.string(
      'deny-principal',
      'The principal to deny, as principalType:name. Access is denied by default, so this is only needed to make an ' +
        "exception to a wider ACL, such as one that allows User:'*'. Deny always takes precedence over allow.",
    ),
    principal: flag.string(
      'principal',
      'With --list: only the ACLs of this principal, as principalType:name. May be repeated.',
      {
        argument: 'optional',
      },
    ),
    'allow-host': flag.string(
      'allow-host',
      "The host from which --allow-principal has access. Default: '*', all hosts.",
    ),
    'deny-host': flag.string(
      'deny-host',
      "The host from which --deny-principal is denied access. Default: '*', all hosts.",
    ),
    producer: flag.switch('Shorthand for what a producer needs: WRITE, DESCRIBE and CREATE on the topic.'),
    consumer: flag.switch('Shorthand for what a consumer needs: READ and DESCRIBE on the topic, READ on the group.'),
    force: flag.switch('Answer yes to every confirmation, without asking.'),
    'user-principal': flag.string(
      'user-principal',
      'The user resource that the ACLs apply to: CreateTokens and DescribeTokens operate on users.',
    ),
  },
});

export type AclOptions = Options<(typeof flags)['flags']>;

/** Throws the Java tool's usage error for flags that exclude or require each other. */
export function checkOptions(options: AclOptions): void {
  const has = options.has.bind(options);
  if (has('bootstrap-server') && has('bootstrap-controller'))
    throw options.usage('Only one of --bootstrap-server or --bootstrap-controller must be specified');
  if (!has('bootstrap-server') && !has('bootstrap-controller'))
    throw options.usage('One of --bootstrap-server or --bootstrap-controller must be specified');
  if ((['add', 'remove', 'list'] as const).filter(has).length !== 1)
    throw options.usage('Command must include exactly one action: --list, --add, --remove. ');
  options.forbidden('list', 'producer', 'consumer', 'allow-host', 'allow-principal', 'deny-host', 'deny-principal');
  options.forbidden('producer', 'operation', 'deny-principal', 'deny-host');
  options.forbidden('consumer', 'operation', 'deny-principal', 'deny-host');
  if (has('principal') && !has('list'))
    throw options.usage('The --principal option is only available if --list is set');
  if (has('producer') && !has('topic')) throw options.usage('With --producer you must specify a --topic');
  if (has('idempotent') && !has('producer'))
    throw options.usage('The --idempotent option is only available if --producer is set');
  const others = !has('producer') && (has('cluster') || has('transactional-id'));
  if (has('consumer') && (!has('topic') || !has('group') || others))
    throw options.usage(
      'With --consumer you must specify a --topic and a --group and no --cluster or --transactional-id option should be specified.',
    );
}
