import { FlagError } from '../../../cli/errors.js';
import { regexProblem } from '../../../java/re2.js';
import type { Service } from '../shared/service.js';

export async function run({ options, io }: Pick<Service, 'options' | 'io'>): Promise<void> {
  const regex = oneRegex(options);
  const problem = regexProblem(regex);
  const verdict = problem === undefined ? 'valid' : `invalid: ${problem}`;
  io.stdout.write(`The regular expression \`${regex}\` is ${verdict}.\n`);
}

/** Repeating the flag is a usage error here; in the other actions it is a reported failure. */
function oneRegex(options: Service['options']): string {
  try {
    return options.value('validate-regex') as string;
  } catch (error) {
    throw error instanceof FlagError ? options.usage(error.message) : error;
  }
}
