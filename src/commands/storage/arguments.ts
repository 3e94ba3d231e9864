/** argv of the storage tool. Its Java parser is argparse4j: a sub-command, then options in any order. */
import { CommandError } from '../../cli/errors.js';

export interface Option {
  readonly name: string;
  readonly short: string;
  readonly kind: 'value' | 'values' | 'switch';
  readonly required?: boolean;
  /** at most one of those that share a group */
  readonly exclusive?: boolean;
}
export interface SubCommand {
  readonly usage: string;
  readonly help: string;
  readonly options: readonly Option[];
  /** names of positional arguments, ours */
  readonly positional?: readonly string[];
}

export class Arguments {
  readonly #values = new Map<string, string[]>();
  set(name: string, value: string): void {
    const values = this.#values.get(name);
    if (values) values.push(value);
    else this.#values.set(name, [value]);
  }
  has(name: string): boolean {
    return this.#values.has(name);
  }
  value(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }
  values(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }
}

const fail = (usage: string, why: string): CommandError =>
  new CommandError(why, { stderr: `${usage}kafka-storage: error: ${why}\n` });
const shown = ({ name, short }: Option): string => `--${name}/-${short}`;

export function parseArguments(command: SubCommand, argv: readonly string[]): Arguments {
  const parsed = new Arguments();
  const positional = [...(command.positional ?? [])];
  const stray: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const [word, attached] = splitAttached(argv[i] as string);
    if (word === '-h' || word === '--help')
      throw new CommandError('help', { stdout: command.usage + command.help, code: 0 });
    const option = command.options.find((o) => word === `--${o.name}` || word === `-${o.short}`);
    if (!option) {
      const name = word.startsWith('-') ? undefined : positional.shift();
      if (name === undefined) stray.push(argv[i] as string);
      else parsed.set(name, word);
    } else if (option.kind === 'switch') {
      const other = command.options.find((o) => o !== option && o.exclusive && option.exclusive && parsed.has(o.name));
      if (other) throw fail(command.usage, `argument ${shown(option)}: not allowed with argument ${shown(other)}`);
      parsed.set(option.name, 'true');
    } else {
      const value = attached ?? argv[++i];
      if (value === undefined) throw fail(command.usage, `argument ${shown(option)}: expected one argument`);
      parsed.set(option.name, value);
    }
  }
  if (stray.length > 0) {
    throw fail(command.usage, `unrecognized arguments: ${stray.map((word) => `'${word}'`).join(' ')}`);
  }
  // Java looks the required ones up in a hash: --cluster-id is missed before --config
  const missing = command.options.filter((o) => o.required && !parsed.has(o.name)).reverse()[0];
  if (missing) throw fail(command.usage, `argument ${shown(missing)} is required`);
  if (positional.length > 0) throw fail(command.usage, `argument ${positional[0]} is required`);
  return parsed;
}

function splitAttached(word: string): [string, string | undefined] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}
