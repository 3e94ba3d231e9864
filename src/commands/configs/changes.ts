/** `--add-config`, `--add-config-file` and `--delete-config` as values. Mirrors ConfigCommand.parseConfigsToBeAdded. */
import { CommandError } from '../../cli/errors.js';
import { hashOrder } from '../../java/hash-order.js';
import { parseProperties } from '../../java/properties.js';
import { fileException, propertiesText } from '../shared/properties-file.js';
import type { ConfigOptions } from './flags.js';

export interface Changes {
  /** in the order of Java's HashMap */
  readonly set: ReadonlyMap<string, string>;
  readonly unset: readonly string[];
}

export function changesOf(options: ConfigOptions): Changes {
  const file = options.value('add-config-file');
  const added = options.value('add-config');
  const set = file === undefined ? new Map<string, string>() : fromFile(file);
  if (added !== undefined) for (const [name, value] of pairs(added)) set.set(name, value);
  const unset = options.values('delete-config').flatMap((list) =>
    list
      .replace(/,+$/, '')
      .split(',')
      .map((name) => name.trim()),
  );
  for (const name of hashOrder([...set.keys()])) {
    if (!/^[$a-zA-Z0-9._-]*$/.test(name)) throw new CommandError(`Invalid character found for config key: ${name}`);
  }
  return { set: new Map(hashOrder([...set.keys()]).map((name) => [name, set.get(name) as string])), unset };
}

function fromFile(file: string): Map<string, string> {
  try {
    return parseProperties(propertiesText(file));
  } catch (error) {
    throw fileException(file, error);
  }
}

/** Lookahead for a position outside brackets: the next bracket opens, or there are no more brackets. */
const OUTSIDE = '(?=[^\\]]*(?:\\[|$))';

function* pairs(text: string): Iterable<[string, string]> {
  const parts = text.split(new RegExp(`,${OUTSIDE}`));
  // as in String.split, trailing empty strings are dropped, unless the separator did not occur
  while (text !== '' && parts.at(-1) === '') parts.pop();
  const split = parts.map((part) => part.split(new RegExp(`\\s*=\\s*${OUTSIDE}`)));
  if (!split.every((pair) => pair.length === 2)) {
    throw new CommandError(
      'Invalid entity config: all configs to be added must be in the format "key=val" or  "key=[val1,val2]" to group values which contain commas.',
    );
  }
  for (const [name, value] of split as [string, string][]) yield [name.trim(), value.replace(/[[\]]/g, '').trim()];
}
