/** Usage and help in argparse4j's layout. */
import { type ArgumentSpec, consumes, destOf, type GroupSpec, listed, type ParserLevel } from './spec.js';
import { entry, justify } from './text.js';

const LONGEST_PROGRAM = 30;

/** "usage: prog [-h] --topic TOPIC …", broken at `width`. */
export function usageText(level: ParserLevel, width: number): string {
  const start = `usage: ${level.program.prog}`;
  const words = [...above(level.parent), ...(level.command ? [level.command] : []), ...ownUsage(level)];
  if (start.length > LONGEST_PROGRAM) return `${start}\n${breakUsage(' '.repeat(6), words, width, 6)}`;
  return breakUsage(start, words, width, start.length);
}

function breakUsage(start: string, words: readonly string[], width: number, indent: number): string {
  let out = start;
  // like argparse4j: when the usage starts on a line of its own, the indent counts twice and the first line is shorter
  let at = start.trim() === '' ? indent * 2 : start.length;
  for (const [i, word] of words.entries()) {
    if (i > 0 && at + word.length + 1 > width) {
      out += `\n${' '.repeat(indent)}`;
      at = indent;
    }
    out += ` ${word}`;
    at += word.length + 1;
  }
  return `${out}\n`;
}

function ownUsage(level: ParserLevel): string[] {
  const visible = level.options.filter((argument) => !argument.hidden && !level.isExclusive(argument));
  const { commands } = level.spec;
  return [
    ...visible.map(syntax),
    ...Object.entries(level.groups).flatMap(([name, group]) => groupUsage(group, level.membersOf(name))),
    ...level.positionals.map(valueText),
    ...(commands ? [commandsText(level), '...'] : []),
  ];
}

/** A sub-command's usage repeats the required arguments of its parent parsers. */
function above(level: ParserLevel | undefined): string[] {
  if (!level) return [];
  const needed = level.options.filter((argument) => argument.required && !level.isExclusive(argument));
  return [
    ...above(level.parent),
    ...(level.command ? [level.command] : []),
    ...needed.map(syntax),
    ...Object.entries(level.groups).flatMap(([name, group]) =>
      group.required ? groupUsage(group, level.membersOf(name)) : [],
    ),
    ...level.positionals.map(valueText),
  ];
}

function groupUsage({ exclusive, required }: GroupSpec, members: readonly ArgumentSpec[]): string[] {
  if (!exclusive || members.length === 0) return [];
  const [open, close] = required ? ['(', ')'] : ['[', ']'];
  if (members.length === 1) return [required ? bare(members[0]!) : syntax(members[0]!)];
  return members.flatMap((member, i) => {
    if (i === 0) return [open + bare(member)];
    return ['|', bare(member) + (i === members.length - 1 ? close : '')];
  });
}

const bare = (argument: ArgumentSpec): string => [argument.names[0], valueText(argument)].filter(Boolean).join(' ');
const syntax = (argument: ArgumentSpec): string => (argument.required ? bare(argument) : `[${bare(argument)}]`);

function metavar(argument: ArgumentSpec): string {
  const { names, choices } = argument;
  if (argument.metavar !== undefined) return argument.metavar;
  if (choices) return choicesText(choices);
  const name = destOf(argument).replaceAll('-', '_');
  return names[0]!.startsWith('-') ? name.toUpperCase() : name;
}

/** "{a,b}": an argument's choices in usage and errors. */
export const choicesText = (choices: readonly (string | number)[]): string => `{${choices.join(',')}}`;

function valueText(argument: ArgumentSpec): string {
  if (!consumes(argument)) return '';
  const name = metavar(argument);
  if (argument.nargs === '+') return `${name} [${name} ...]`;
  if (argument.nargs === '*') return `[${name} [${name} ...]]`;
  return argument.nargs === '?' ? `[${name}]` : name;
}

const commandsText = ({ spec: { commands } }: ParserLevel): string =>
  commands?.metavar ?? `{${listed(commands!).join(',')}}`;

/** The text of `--help`. */
export function helpText(level: ParserLevel, width: number): string {
  const { description, commands, epilog } = level.spec;
  const shown = (group: string | undefined) => group === undefined || !isSeparate(level.groups[group]);
  const options = level.options.filter(({ group, hidden }) => shown(group) && !hidden);
  const list = (arguments_: readonly ArgumentSpec[]) => arguments_.map((a) => argumentHelp(level, a, width)).join('');
  let out = usageText(level, width);
  if (description) out += `\n${justify(description, width)}\n`;
  if (level.positionals.length > 0 || (commands && !commands.title)) {
    out += `\npositional arguments:\n${list(level.positionals)}`;
    if (commands && !commands.title) out += commandsHelp(level, width);
  }
  if (options.length > 0) out += `\noptional arguments:\n${list(options)}`;
  if (commands?.title) out += `\n${commands.title}:\n${commandsHelp(level, width)}`;
  for (const [name, group] of Object.entries(level.groups)) {
    if (isSeparate(group)) out += `\n${groupHead(group, width)}${list(level.membersOf(name))}`;
  }
  return epilog ? `${out}\n${epilog}` : out;
}

/** The options that Kafka's script does not have; undefined without any. */
export function ownOptionsText(level: ParserLevel, width: number): string | undefined {
  const own = level.options.filter(({ hidden }) => hidden);
  if (own.length === 0) return undefined;
  return `\nNot in Kafka's own script:\n${own.map((argument) => argumentHelp(level, argument, width)).join('')}`;
}

/** Whether a group has its own section in the help. */
const isSeparate = (group: GroupSpec | undefined): boolean =>
  group !== undefined && !(group.exclusive && group.title === undefined && group.description === undefined);

function groupHead({ title, description }: GroupSpec, width: number): string {
  const head = title === undefined ? '' : `${title}:\n`;
  return description === undefined ? head : `${head}  ${justify(description, width, 2, '  ')}\n\n`;
}

function argumentHelp(level: ParserLevel, argument: ArgumentSpec, width: number): string {
  const value = valueText(argument);
  const option = argument.names[0]!.startsWith('-');
  const title = option ? argument.names.map((n) => (value ? `${n} ${value}` : n)).join(', ') : metavar(argument);
  const fallback = argument.default ?? (argument.action === 'true' ? false : undefined);
  const withDefault = level.program.defaultHelp && level.command === undefined && fallback !== undefined;
  const text = withDefault ? `${argument.help} (default: ${fallback})`.trimStart() : argument.help;
  return entry(title, text, width);
}

function commandsHelp(level: ParserLevel, width: number): string {
  const { parsers } = level.spec.commands!;
  const entries = listed(level.spec.commands!).map((name) => entry(`  ${name}`, parsers[name]!.help ?? '', width));
  return entry(commandsText(level), '', width) + entries.join('');
}
