/** The shell at a prompt. Mirrors shell/InteractiveShell. */
import { createInterface } from 'node:readline';
import type { Io } from '../../cli/io.js';
import { glob } from './glob.js';
import { type Directory, isDirectory, names } from './node.js';
import { COMMAND_NAMES } from './parsers.js';
import { Shell } from './shell.js';
import { words } from './words.js';

const PROMPT = '>> ';

/** Runs each line of stdin until `exit` or the end of input. */
export async function runShell(root: Directory, io: Io): Promise<void> {
  const terminal = io.isTTY.stdin && io.isTTY.stdout;
  const { columns } = io.stdout as { columns?: number };
  const shell = new Shell(root, io, { interactive: true, width: terminal ? columns : undefined });
  io.stdout.write('[ Kafka Metadata Shell ]\n');
  const reader = createInterface({
    input: io.stdin,
    ...(terminal && { output: io.stdout }),
    terminal,
    prompt: PROMPT,
    completer: (line: string) => complete(root, shell, line),
  });
  const prompt = () => (terminal ? reader.prompt() : void io.stdout.write(PROMPT));
  reader.on('SIGINT', () => {
    io.stdout.write('^C\n');
    reader.prompt();
  });
  prompt();
  for await (const line of reader) {
    if (line.trim() !== '') shell.remember(line);
    const output = shell.run(words(line));
    if (output === undefined) break;
    io.stdout.write(output);
    prompt();
  }
  reader.close();
}

/** Completes the last word: commands first, paths after that. Returns the candidates and the word. */
function complete(root: Directory, shell: Shell, line: string): [candidates: string[], word: string] {
  const word = /\S*$/.exec(line)![0];
  if (line.trimStart() === word) return [COMMAND_NAMES.filter((name) => name.startsWith(word)), word];
  const slash = word.lastIndexOf('/') + 1;
  const [found] = glob(root, word.slice(0, slash) || '.', shell.workingDirectory);
  if (!found || !isDirectory(found.node)) return [[], word];
  const { node } = found;
  const candidates = names(node).filter((name) => name.startsWith(word.slice(slash)));
  const ended = candidates.map((name) => `${word.slice(0, slash)}${name}${isDirectory(node.get(name)!) ? '/' : ''}`);
  return [ended, word];
}
