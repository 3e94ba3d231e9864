import { flag, flagTable, type Options } from '../../cli/flags.js';

const optional = { argument: 'optional' } as const;

export const flags = flagTable({
  intro: 'This tool helps to create, renew, expire, or describe delegation tokens.',
  onParseError: 'message',
  flags: {
    'bootstrap-server': flag.string(undefined, 'REQUIRED: host:port of one or more brokers.'),
    'command-config': flag.string(
      undefined,
      "REQUIRED: File with the client's properties, security first: tokens are for those who have said who they are.",
      { completes: 'file' },
    ),
    create: flag.switch('Create a token, which each --renewer-principal may renew.'),
    renew: flag.switch('Renew a token, for --renew-time-period.'),
    expire: flag.switch('Let a token expire, after --expiry-time-period.'),
    describe: flag.switch('Print the tokens of each --owner-principal.'),
    'owner-principal': flag.string(undefined, 'An owner, as principalType:name.', optional),
    'renewer-principal': flag.string(undefined, 'Who may renew a token, as principalType:name.', optional),
    'max-life-time-period': flag.long(
      undefined,
      "How long a token may live at most, ms; -1: the broker's delegation.token.max.lifetime.ms.",
      optional,
    ),
    'renew-time-period': flag.long(
      undefined,
      "How much longer it lives, ms; -1: the broker's delegation.token.expiry.time.ms.",
      optional,
    ),
    'expiry-time-period': flag.long(undefined, 'How long it still lives, ms; -1: no longer.', optional),
    hmac: flag.string(undefined, "The token's HMAC.", optional),
  },
});

export type TokenOptions = Options<(typeof flags)['flags']>;

const ACTIONS = ['create', 'renew', 'expire', 'describe'] as const;
export type Action = (typeof ACTIONS)[number];

/** The one action; throws what the Java tool says about flags that do not go together. */
export function checkOptions(options: TokenOptions): Action {
  const [action, another] = ACTIONS.filter((name) => options.has(name));
  if (action === undefined || another !== undefined)
    throw options.usage('Command must include exactly one action: --create, --renew, --expire or --describe');
  options.required('bootstrap-server', 'command-config');
  if (action === 'create') options.required('max-life-time-period');
  if (action === 'renew') options.required('hmac', 'renew-time-period');
  if (action === 'expire') options.required('hmac', 'expiry-time-period');
  options.forbidden('create', 'hmac', 'renew-time-period', 'expiry-time-period');
  options.forbidden('renew', 'renewer-principal', 'max-life-time-period', 'expiry-time-period', 'owner-principal');
  options.forbidden('expire', 'renew', 'max-life-time-period', 'renew-time-period', 'owner-principal');
  options.forbidden('describe', 'renew-time-period', 'max-life-time-period', 'hmac', 'expiry-time-period');
  return action;
}
