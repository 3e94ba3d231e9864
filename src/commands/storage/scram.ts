/** `--add-scram 'SCRAM-SHA-256=[name=alice,password=…]'`. Mirrors metadata/ScramParser. */

import { type MetadataRecord, metadataRecord } from '../../broker/api.js';
import { CommandError } from '../../cli/errors.js';
import { isInteger } from '../../java/integer.js';
import { userScramCredentialRecord } from '../../protocol/messages/metadata-records.js';
import {
  MAX_ITERATIONS,
  MIN_ITERATIONS,
  randomSalt,
  SCRAM_MECHANISMS,
  saltedPassword,
  scramKeys,
} from '../../security/scram.js';

export function scramRecord(argument: string): MetadataRecord {
  const input = argument.trim();
  const at = input.indexOf('=');
  if (at < 0) throw new CommandError(`Failed to find equals sign in SCRAM argument '${input}'`);
  const mechanism = SCRAM_MECHANISMS.find((m) => m.name === input.slice(0, at));
  if (!mechanism) throw new CommandError(`The add-scram mechanism ${input.slice(0, at)} is not supported.`);
  const { name, salt: givenSalt, iterations: count, password, salted } = parts(input.slice(at + 1));
  const iterations = count ?? MIN_ITERATIONS;
  const bound = (low: boolean, limit: number) =>
    new CommandError(
      `The 'iterations' value must be ${low ? '>=' : '<='} ${limit} for add-scram using ${mechanism.name.replaceAll('-', '_')}`,
    );
  if (iterations < MIN_ITERATIONS) throw bound(true, MIN_ITERATIONS);
  if (iterations > MAX_ITERATIONS) throw bound(false, MAX_ITERATIONS);
  const salt = givenSalt ?? randomSalt();
  const key = salted ?? saltedPassword(mechanism, password as string, salt, iterations);
  const keys = scramKeys(mechanism, key, salt, iterations);
  return metadataRecord(userScramCredentialRecord, { name, mechanism: mechanism.type, ...keys });
}

interface Parts {
  readonly name: string;
  readonly salt: Buffer | undefined;
  readonly iterations: number | undefined;
  readonly password: string | undefined;
  readonly salted: Buffer | undefined;
}

function parts(text: string): Parts {
  if (!text.startsWith('[')) throw new CommandError('Expected configuration string to start with [');
  if (!text.endsWith(']')) throw new CommandError('Expected configuration string to end with ]');
  const found = new Map<string, string>();
  for (const component of text.slice(1, -1).split(',')) {
    const at = component.indexOf('=');
    if (at < 0) throw new CommandError(`No equals sign found in SCRAM component: ${component}`);
    found.set(
      component.slice(0, at).trim(),
      component
        .slice(at + 1)
        .trim()
        .replace(/^"(.*)"$/, '$1'),
    );
  }
  const take = (name: string): string | undefined => {
    const value = found.get(name);
    found.delete(name);
    return value;
  };
  const [name, salt, iterations, password, salted] = ['name', 'salt', 'iterations', 'password', 'saltedpassword'].map(
    take,
  );
  if (name === undefined) throw new CommandError("You must supply 'name' to add-scram");
  if (iterations !== undefined && !isInteger(iterations)) {
    throw new CommandError(`Failed to parse iterations count: ${iterations}`);
  }
  if (password === undefined) {
    if (salted === undefined)
      throw new CommandError("You must supply one of 'password' or 'saltedpassword' to add-scram");
    if (salt === undefined) throw new CommandError("You must supply 'salt' with 'saltedpassword' to add-scram");
  }
  if (found.size > 0) throw new CommandError(`Unknown SCRAM configurations: ${[...found.keys()].sort().join(', ')}`);
  return {
    name,
    salt: salt === undefined ? undefined : Buffer.from(salt, 'base64'),
    iterations: iterations === undefined ? undefined : Number(iterations),
    password,
    salted: password !== undefined || salted === undefined ? undefined : Buffer.from(salted, 'base64'),
  };
}
