/** Completion candidates at the cursor: commands, flags, values, and names of topics and groups in the cluster. */
import { consumes, destOf, listed, type ProgramSpec } from '../../../cli/argparse/spec.js';
import type { AnyFlag } from '../../../cli/flags.js';
import type { Io } from '../../../cli/io.js';
import { COMMANDS, listedNames } from '../../index.js';
import { withDefaults, withProgramDefaults } from '../../shared/profiles.js';
import { SUMMARIES } from '../../shared/summaries.js';
import { liveNames } from './live.js';

export interface Candidate {
  readonly word: string;
  readonly about?: string;
}

const SHELLS = ['bash', 'zsh', 'fish'];

/** `line`: the words up to the cursor, starting with the program's name; the last one is being typed. */
export async function candidates(line: readonly string[], env: Io['env']): Promise<Candidate[]> {
  const script = /(?:^|\/)kafka-([\w-]+?)(?:\.sh)?$/.exec(line[0] ?? '')?.[1];
  const command = script ?? line[1];
  const argv = line.slice(script === undefined ? 2 : 1);
  const typed = line[line.length - 1] ?? '';
  if (script === undefined && line.length <= 2) return startingWith(typed, commandNames());
  if (command === 'completion')
    return startingWith(
      typed,
      SHELLS.map((word) => ({ word })),
    );
  const module = await COMMANDS[command!]?.();
  const flags = module?.flags?.flags as Record<string, AnyFlag> | undefined;
  if (flags) return ofCommand(flags, argv, env);
  return module?.parser ? ofProgram(module.parser, argv, env) : [{ word: ':files' }];
}

function commandNames(): Candidate[] {
  return listedNames().map((word) => ({ word, about: SUMMARIES[word] ?? '' }));
}

function startingWith(typed: string, all: readonly Candidate[]): Candidate[] {
  return all.filter(({ word }) => word.startsWith(typed));
}

async function ofCommand(
  flags: Record<string, AnyFlag>,
  argv: readonly string[],
  env: Io['env'],
): Promise<Candidate[]> {
  const typed = argv[argv.length - 1] ?? '';
  const attached = /^--([^=]+)=(.*)$/.exec(typed);
  if (attached) {
    const [, name, value] = attached;
    const found = await valuesOf(flags[name!], name!, flags, argv, env);
    return startingWith(value!, found).map(({ word }) => ({ word: `--${name}=${word}` }));
  }
  const before = /^--?(.+)$/.exec(argv[argv.length - 2] ?? '')?.[1];
  const pending = before === undefined ? undefined : flags[before];
  if (pending && pending.argument !== 'none' && (pending.argument === 'required' || !typed.startsWith('-')))
    return startingWith(typed, await valuesOf(pending, before!, flags, argv, env));
  const names = Object.entries(flags).map(([name, { description }]) => ({
    word: `--${name}`,
    about: firstLine(description),
  }));
  return startingWith(typed, names);
}

/** Sub-commands, or the options of the sub-command on the line. */
async function ofProgram(program: ProgramSpec, argv: readonly string[], env: Io['env']): Promise<Candidate[]> {
  const typed = argv[argv.length - 1] ?? '';
  const parsers = program.commands?.parsers ?? {};
  const chosen = argv.slice(0, -1).find((word) => Object.hasOwn(parsers, word));
  const options = (chosen === undefined ? program : parsers[chosen]!).arguments;
  const before = options.find(({ names }) => names.includes(argv[argv.length - 2] ?? ''));
  if (before && consumes(before)) {
    const kind = before.type === 'file' ? 'file' : guess(destOf(before));
    if (kind === 'file') return [{ word: ':files' }];
    if (kind !== 'topic' && kind !== 'group') return [];
    const names = await liveNames(kind, withProgramDefaults(argv, program, env), env);
    return startingWith(
      typed,
      names.map((word) => ({ word })),
    );
  }
  const commands = chosen === undefined && program.commands ? listed(program.commands) : [];
  return startingWith(typed, [
    ...commands.map((word) => ({ word, about: parsers[word]!.help ?? '' })),
    ...options.map((option) => ({ word: option.names.find((name) => name.startsWith('--'))!, about: option.help })),
  ]);
}

const firstLine = (text: string) => text.split('\n', 1)[0]!;

async function valuesOf(
  flag: AnyFlag | undefined,
  name: string,
  flags: Record<string, AnyFlag>,
  argv: readonly string[],
  env: Io['env'],
): Promise<Candidate[]> {
  const kind = flag?.completes ?? guess(name);
  if (kind === 'file') return [{ word: ':files' }];
  if (kind === 'topic' || kind === 'group') {
    const names = await liveNames(kind, withDefaults(argv, flags, env), env);
    return names.map((word) => ({ word }));
  }
  return (kind ?? []).map((word) => ({ word }));
}

/** Guesses what an option completes from its name, which is consistent across Kafka's tools. */
function guess(name: string): AnyFlag['completes'] {
  if (name === 'topic' || name === 'include') return 'topic';
  if (name === 'group') return 'group';
  return /config$|file$/.test(name) ? 'file' : undefined;
}
