import { flag, flagTable, type Options } from '../../cli/flags.js';

const PATTERN_TYPES = ['ANY', 'MATCH', 'LITERAL', 'PREFIXED'];
const WILD = "'*' stands for all of them.";
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
    topic: flag.string('topic', `A topic that the ACLs are for. ${WILD}`, { completes: 'topic' }),
    cluster: flag.switch('The ACLs are for the cluster.'),
    group: flag.string('group', `A consumer group that the ACLs are for. ${WILD}`, { completes: 'group' }),
    'transactional-id': flag.string('transactional-id', `A transactional id that the ACLs are for. ${WILD}`),
    idempotent: flag.switch(
      'With --producer: it may be idempotent. Whoever may use a transactional id may be that anyway.',
    ),
    'delegation-token': flag.string('delegation-token', `A delegation token that the ACLs are for. ${WILD}`),
    'resource-pattern-type': flag.string(
      undefined,
      "How names are meant. ACLs are added for 'literal' or 'prefixed' names. To list or remove there are also 'any', every " +
        "ACL with exactly this name, and 'match', every ACL that has a say in it: be careful with --remove.",
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
    list: flag.switch('List ACLs: of the resources named by --topic, --group, --cluster and so on, or of all.'),
    operation: flag.string(
      undefined,
      `An operation that is allowed or denied. Their names:\n${OPERATION_NAMES.map((name) => `\t${name}\n`).join('')}`,
      { default: 'All', completes: OPERATION_NAMES },
    ),
    'allow-principal': flag.string(
      'allow-principal',
      "Who is allowed, as principalType:name, of a type that the authorizer knows: User:'*' is every user.",
    ),
    'deny-principal': flag.string(
      'deny-principal',
      'Who is denied, as principalType:name. Nobody needs it who has not been allowed: it takes away from an ACL that ' +
        "allows more, as User:'*'. What is denied stays denied, whatever else is allowed.",
    ),
    principal: flag.string('principal', 'With --list: only ACLs of this principalType:name. May be repeated.', {
      argument: 'optional',
    }),
    'allow-host': flag.string('allow-host', "A host that --allow-principal may come from; without it '*', all hosts."),
    'deny-host': flag.string('deny-host', "A host that --deny-principal is kept out from; without it '*', all hosts."),
    producer: flag.switch('What a producer needs: WRITE, DESCRIBE and CREATE of the topic.'),
    consumer: flag.switch('What a consumer needs: READ and DESCRIBE of the topic, READ of the group.'),
    force: flag.switch('Ask nothing: every answer is yes.'),
    'user-principal': flag.string(
      'user-principal',
      'A user as what the ACLs are for: who may CreateTokens or DescribeTokens for it.',
    ),
  },
});

export type AclOptions = Options<(typeof flags)['flags']>;

/** Throws what the Java tool says about flags that do not go together. */
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
