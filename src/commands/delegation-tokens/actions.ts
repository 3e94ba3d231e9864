import type { Io } from '../../cli/io.js';
import { createToken, describeTokens, expireToken, renewToken } from '../../client/admin/delegation-tokens.js';
import type { Cluster } from '../../client/cluster/types.js';
import { checkBase64 } from '../../java/base64.js';
import { JavaError } from '../../java/exceptions.js';
import { type Principal, parsePrincipal } from '../../kafka/principals.js';
import type { Action, TokenOptions } from './flags.js';
import { timeText, tokenTable } from './text.js';

type Run = (cluster: Cluster, options: TokenOptions, io: Io) => Promise<void>;

const texts = (principals: readonly Principal[]): string => `[${principals.map(({ text }) => text).join(', ')}]`;

function principals(options: TokenOptions, name: 'owner-principal' | 'renewer-principal'): Principal[] {
  return options.values(name).map((typed) => parsePrincipal(typed.trim()));
}

/** The number of a flag whose argument is optional to the parser but required here: Java fails without it. */
function period(
  options: TokenOptions,
  name: 'max-life-time-period' | 'renew-time-period' | 'expiry-time-period',
): bigint {
  const value = options.value(name);
  if (value !== undefined) return value;
  throw new JavaError(
    'java.lang.NullPointerException',
    'Cannot invoke "java.lang.Long.longValue()" because the return value of "joptsimple.OptionSet.valueOf(joptsimple.OptionSpec)" is null',
  );
}

/** Decodes --hmac. Throws the errors of java.util.Base64, and Java's NullPointerException when --hmac has no value. */
function decoded(hmac: string | undefined): Buffer {
  if (hmac === undefined)
    throw new JavaError(
      'java.lang.NullPointerException',
      'Cannot invoke "String.getBytes(java.nio.charset.Charset)" because "src" is null',
    );
  try {
    checkBase64(hmac, /[A-Za-z0-9+/]/);
  } catch (error) {
    throw new JavaError('java.lang.IllegalArgumentException', (error as Error).message);
  }
  return Buffer.from(hmac, 'base64');
}

export const ACTIONS: Readonly<Record<Action, Run>> = {
  async create(cluster, options, io) {
    const renewers = principals(options, 'renewer-principal');
    const maxLifetimeMs = period(options, 'max-life-time-period');
    io.stdout.write(
      `Calling create token operation with renewers :${texts(renewers)} , max-life-time-period :${maxLifetimeMs}\n`,
    );
    const [owner] = principals(options, 'owner-principal');
    const token = await createToken(cluster, { ...(owner && { owner }), renewers, maxLifetimeMs });
    io.stdout.write(`Created delegation token with tokenId : ${token.tokenId}\n${tokenTable([token])}`);
  },

  async renew(cluster, options, io) {
    const hmac = options.value('hmac');
    const periodMs = period(options, 'renew-time-period');
    io.stdout.write(`Calling renew token operation with hmac :${hmac ?? null} , renew-time-period :${periodMs}\n`);
    const expires = await renewToken(cluster, decoded(hmac), periodMs);
    io.stdout.write(`Completed renew operation. New expiry date : ${timeText(expires)}`);
  },

  async expire(cluster, options, io) {
    const hmac = options.value('hmac');
    const periodMs = period(options, 'expiry-time-period');
    io.stdout.write(`Calling expire token operation with hmac :${hmac ?? null} , expire-time-period :${periodMs}\n`);
    const expires = await expireToken(cluster, decoded(hmac), periodMs);
    io.stdout.write(`Completed expire operation. New expiry date : ${timeText(expires)}`);
  },

  async describe(cluster, options, io) {
    const owners = principals(options, 'owner-principal');
    io.stdout.write(
      owners.length === 0
        ? 'Calling describe token operation for current user.\n'
        : `Calling describe token operation for owners: ${texts(owners)}\n`,
    );
    const tokens = await describeTokens(cluster, owners);
    io.stdout.write(`Total number of tokens : ${tokens.length}${tokenTable(tokens)}`);
  },
};
