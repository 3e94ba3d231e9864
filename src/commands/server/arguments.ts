/** Parses `[server.properties] [--override k=v]…`, like kafka.Kafka. */
import { CommandError, UsageError } from '../../cli/errors.js';
import { VERSION } from '../../cli/flags.js';

export interface ServerArguments {
  readonly file: string | undefined;
  readonly overrides: readonly (readonly [name: string, value: string])[];
}

export function parseServerArguments(argv: readonly string[], usage: string): ServerArguments {
  let file: string | undefined;
  const overrides: [string, string][] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === '--help' || word === '-h') throw new CommandError('help', { stdout: usage, code: 0 });
    if (word === '--version') throw new CommandError('version', { stdout: `${VERSION}\n`, code: 0 });
    if (word === '--override' || word.startsWith('--override=')) {
      overrides.push(override(word === '--override' ? argv[++i] : word.slice('--override='.length), usage));
    } else if (word.startsWith('-')) {
      throw new UsageError(`${word.replace(/^-+/, '')} is not a recognized option`, usage);
    } else if (file !== undefined) {
      throw new UsageError(`Found non argument parameters: ${word}`, usage);
    } else file = word;
  }
  return { file, overrides };
}

function override(text: string | undefined, usage: string): [string, string] {
  if (text === undefined) throw new UsageError('Option override requires an argument', usage);
  const at = text.indexOf('=');
  if (at <= 0) throw new UsageError(`--override ${text}: expected name=value`, usage);
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
