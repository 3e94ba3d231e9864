import { CommandError } from '../../cli/errors.js';
import { flag } from '../../cli/flags.js';

/** `--output json`, of both console consumers. */
export const OUTPUT_FLAG = flag.string(
  'format',
  '"json" prints one JSON object a line, with all there is of a record.',
  {
    own: true,
    completes: ['json'],
  },
);

const FORMATTING = [
  'formatter',
  'property',
  'formatter-property',
  'formatter-config',
  'key-deserializer',
  'value-deserializer',
] as const;

interface OutputOptions {
  has(name: 'output' | (typeof FORMATTING)[number]): boolean;
  value(name: 'output'): string | undefined;
}

/** Whether the output is JSON. Throws CommandError for a format we do not know, and for flags that format lines. */
export function wantsJson(options: OutputOptions): boolean {
  if (!options.has('output')) return false;
  const format = options.value('output');
  if (format !== 'json') throw new CommandError(`--output takes json, not ${format}.`);
  const other = FORMATTING.find((name) => options.has(name));
  if (other) throw new CommandError(`--output json prints all of a record as it is: --${other} has no place there.`);
  return true;
}
