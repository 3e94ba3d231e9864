import type { ArgumentSpec, ParserSpec, ProgramSpec } from '../../cli/argparse/index.js';

const positional = (name: string, help: string, more: Partial<ArgumentSpec> = {}): ArgumentSpec => ({
  names: [name],
  help,
  ...more,
});

/** The commands of the shell, by name. The texts are Kafka's interface: `help` and `man` print them. */
const COMMANDS: Readonly<Record<string, ParserSpec & { readonly shellOnly?: true }>> = {
  cat: {
    help: 'Show the contents of metadata files.',
    arguments: [positional('targets', 'The metadata files to display.', { nargs: '+' })],
  },
  cd: {
    help: 'Set the current working directory.',
    shellOnly: true,
    arguments: [positional('target', 'The directory to change to.', { nargs: '?' })],
  },
  exit: { help: 'Exit the metadata shell.', shellOnly: true, arguments: [] },
  find: {
    help: 'Search for nodes in the directory hierarchy.',
    arguments: [positional('paths', 'The paths to start at.', { nargs: '*' })],
  },
  help: { help: 'Display this help message.', shellOnly: true, arguments: [] },
  history: {
    help: 'Print command history.',
    shellOnly: true,
    arguments: [positional('numEntriesToShow', 'The number of entries to show.', { nargs: '?', type: 'int' })],
  },
  ls: {
    help: 'List metadata nodes.',
    arguments: [positional('targets', 'The metadata node paths to list.', { nargs: '*' })],
  },
  man: {
    help: 'Show the help text for a specific command.',
    shellOnly: true,
    arguments: [positional('cmd', 'The command to get help text for.')],
  },
  pwd: { help: 'Print the current working directory.', shellOnly: true, arguments: [] },
  tree: {
    help: 'Show the contents of metadata nodes in a tree structure.',
    arguments: [positional('targets', 'The metadata nodes to display.', { nargs: '+' })],
  },
};

export const COMMAND_NAMES = Object.keys(COMMANDS);

/** The parser for a line of the shell; when not interactive, without the commands that only make sense in a shell. */
export const commandsParser = (interactive: boolean): ProgramSpec => ({
  prog: '',
  helpCode: 1,
  noHelp: true,
  arguments: [],
  commands: {
    parsers: Object.fromEntries(Object.entries(COMMANDS).filter(([, { shellOnly }]) => interactive || !shellOnly)),
  },
});

/** The page that `man` prints for a command; undefined for an unknown command. */
export function manParser(name: string): { readonly parser: ProgramSpec; readonly description: string } | undefined {
  if (!Object.hasOwn(COMMANDS, name)) return undefined;
  const { help, arguments: arguments_ } = COMMANDS[name]!;
  return { parser: { prog: name, helpCode: 1, noHelp: true, arguments: arguments_ }, description: help ?? '' };
}

export const parser: ProgramSpec = {
  prog: 'kafka-metadata-shell',
  description: 'Browse the metadata of a cluster like a file system, in an interactive shell or with a single command.',
  defaultHelp: true,
  helpCode: 1,
  arguments: [
    {
      names: ['--snapshot', '-s'],
      type: 'file',
      required: true,
      help: 'A snapshot or log segment of __cluster_metadata.',
    },
    {
      names: ['command'],
      nargs: '*',
      help: 'The command to run: ls, cat, find or tree. Without one, an interactive shell starts.',
    },
  ],
};
