/** The commands of the shell. Mirrors shell/command. */

import { helpText } from '../../cli/argparse/help.js';
import { Arguments, programHelp } from '../../cli/argparse/index.js';
import { ArgumentError, EarlyEnd, parse } from '../../cli/argparse/parse.js';
import type { Io } from '../../cli/io.js';
import { columns } from './columns.js';
import { glob } from './glob.js';
import { type Directory, isDirectory, names, pathLines, treeLines } from './node.js';
import { commandsParser, manParser } from './parsers.js';

export interface ShellOptions {
  /** at a prompt, with a working directory and a history */
  readonly interactive: boolean;
  /** columns of the terminal; undefined: one entry per line */
  readonly width: number | undefined;
}

export class Shell {
  #directory = '/';
  readonly #history: string[] = [];

  constructor(
    private readonly root: Directory,
    private readonly io: Io,
    private readonly options: ShellOptions,
  ) {}

  get workingDirectory(): string {
    return this.#directory;
  }

  remember(line: string): void {
    this.#history.push(line);
  }

  /** Runs a command and returns its output; undefined if it ends the shell. */
  run(words: readonly string[]): string | undefined {
    const given = words.slice(0, words.findLastIndex((word) => word !== '') + 1);
    if (given.length === 0) return '';
    const program = commandsParser(this.options.interactive);
    try {
      const { command, values } = parse(program, given);
      if (command !== given[0]) return `invalid choice: '${given[0]}': did you mean '${command}'?\n`;
      const args = new Arguments(command, values, new Map());
      return command === 'exit' ? undefined : text(this.#lines(command as string, args));
    } catch (error) {
      if (error instanceof EarlyEnd) return helpText(error.level, HELP_WIDTH);
      if (error instanceof ArgumentError) return `${error.message}\n`;
      throw error;
    }
  }

  #lines(command: string, args: Arguments): Iterable<string> {
    const paths = args.texts('targets').length > 0 ? args.texts('targets') : args.texts('paths');
    if (command === 'cat') return this.#cat(paths);
    if (command === 'cd') return this.#cd(args.text('target') ?? '/');
    if (command === 'find') return this.#find(orHere(paths));
    if (command === 'help')
      return [
        'Welcome to the Apache Kafka metadata shell.',
        '',
        ...linesOf(programHelp(commandsParser(true), this.io)),
      ];
    if (command === 'history') return this.#last(args.number('numEntriesToShow') ?? this.#history.length);
    if (command === 'ls') return this.#ls(orHere(paths));
    if (command === 'man') return this.#man(args.text('cmd') as string);
    if (command === 'pwd') return [this.#directory];
    return this.#tree(paths);
  }

  #glob = (path: string) => glob(this.root, path, this.#directory);

  *#cat(targets: readonly string[]): Generator<string> {
    for (const target of targets) {
      const found = this.#glob(target);
      if (found.length === 0) yield `cat: ${target}: No such file or directory.`;
      for (const { node } of found) {
        if (isDirectory(node)) yield `cat: ${target}: Is a directory`;
        else yield node;
      }
    }
  }

  *#tree(targets: readonly string[]): Generator<string> {
    for (const target of targets) {
      const found = this.#glob(target);
      if (found.length === 0) yield `tree: ${target}: No such file or directory.`;
      for (const { node } of found) yield* treeLines(node);
    }
  }

  *#find(paths: readonly string[]): Generator<string> {
    for (const path of paths) {
      const found = this.#glob(path);
      if (found.length === 0) yield `find: ${path}: no such file or directory.`;
      for (const { node } of found) yield* pathLines(node, path);
    }
  }

  *#cd(target: string): Generator<string> {
    const found = this.#glob(target);
    if (found.length === 0) yield `cd: ${target}: no such directory.`;
    for (const { node, path } of found) {
      if (isDirectory(node)) this.#directory = `/${path.join('/')}`;
      else yield `cd: ${target}: not a directory.`;
    }
  }

  *#ls(targets: readonly string[]): Generator<string> {
    const files: string[] = [];
    const directories: { readonly name: string; readonly children: string[] }[] = [];
    for (const target of targets) {
      const found = this.#glob(target);
      if (found.length === 0) yield `ls: ${target}: no such file or directory.`;
      for (const { path, node } of found) {
        const name = path.at(-1) ?? '/';
        if (isDirectory(node)) directories.push({ name, children: names(node) });
        else files.push(name);
      }
    }
    const { width } = this.options;
    yield* columns(files, width);
    const headed = files.length > 0 || directories.length > 1;
    let first = files.length === 0;
    for (const { name, children } of directories) {
      // as in Java, an empty directory gets no heading, yet the next heading follows a blank line
      if (headed && children.length > 0) yield* first ? [`${name}:`] : ['', `${name}:`];
      if (headed) first = false;
      yield* columns(children, width);
    }
  }

  *#last(count: number): Generator<string> {
    const from = Math.max(0, this.#history.length - Math.max(0, count));
    for (const [i, line] of this.#history.slice(from).entries()) yield `${String(from + i).padStart(5)}  ${line}`;
  }

  *#man(name: string): Generator<string> {
    const page = manParser(name);
    if (page === undefined) {
      yield `man: unknown command ${name}. Type help to get a list of commands.`;
      return;
    }
    yield `${name}: ${page.description}`;
    yield '';
    yield* linesOf(programHelp(page.parser, this.io));
  }
}

const HELP_WIDTH = 75;

const linesOf = (block: string): string[] => block.replace(/\n$/, '').split('\n');
const text = (lines: Iterable<string>): string => [...lines].map((line) => `${line}\n`).join('');

/** Drops empty paths; defaults to the working directory. */
function orHere(paths: readonly string[]): readonly string[] {
  const given = paths.filter((path) => path !== '');
  return given.length === 0 ? ['.'] : given;
}
