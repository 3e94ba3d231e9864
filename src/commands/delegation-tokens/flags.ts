import { flag, flagTable, type Options } from '../../cli/flags.js';

const optional = { argument: 'optional' } as const;

export const flags = flagTable({
  intro: 'This tool helps to create, renew, expire, or describe delegation tokens.',
  onParseError: 'message',
  flags: {
    'bootstrap-server': flag.string(undefined, 'REQUIRED: host:port of one or more brokers.'),
    'command-config': flag.string(
      undefined,
      "REQUIRED: File with the client's properties. It must configure authentication: tokens need an authenticated client.",
      { completes: 'file' },
    ),
    create: flag.switch('Create a token. Each --renewer-principal is allowed to renew it.'),
    renew: flag.switch('Renew a token for --renew-time-period.'),
    expire: flag.switch('Expire a token after --expiry-time-period.'),
    describe: flag.switch('Describe the tokens of each --owner-principal.'),
    'owner-principal': flag.string(undefined, 'The owner of a token, as principalType:name.', optional),
    'renewer-principal': flag.string(
      undefined,
      'A principal that is allowed to renew the token, as principalType:name.',
      optional,
    ),
    'max-life-time-period': flag.long(
      undefined,
      "The token's maximum lifetime, ms. -1: the broker's delegation.token.max.lifetime.ms.",
      optional,
    ),
    'renew-time-period': flag.long(
      undefined,
      "How long to extend the token's expiry, ms. -1: the broker's delegation.token.expiry.time.ms.",
      optional,
    ),
    'expiry-time-period': flag.long(
      undefined,
      'How long until the token expires, ms. -1: it expires at once.',
      optional,
    ),
    hmac: flag.string(undefined, 'The HMAC of the token, in base64.', optional),
  },
});

export type TokenOptions = Options<(typeof flags)['flags']>;

const ACTIONS = ['create', 'renew', 'expire', 'describe'] as const;
export type Action = (typeof ACTIONS)[number];

/** Returns the one action. Throws the Java tool's usage error for flags that exclude or require each other. */
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
