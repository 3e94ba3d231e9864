/** Runs a command in this process. */
import { Readable, Writable } from 'node:stream';
import { renderError } from '../../src/cli/errors.js';
import type { Command, Io } from '../../src/cli/io.js';

function collector() {
  let text = '';
  const stream = new Writable({
    write(chunk, _, done) {
      text += chunk;
      done();
    },
  });
  return { stream, text: () => text };
}

export interface RunOptions {
  readonly stdin?: readonly string[];
  /** every stream is a terminal */
  readonly terminal?: boolean;
}

/** What it prints and its exit code, as `main` would make them. */
export async function runCommand(command: Command, argv: readonly string[], options: RunOptions = {}) {
  const stdout = collector();
  const stderr = collector();
  const { terminal = false } = options;
  const io: Io = {
    stdin: Readable.from(options.stdin ?? []),
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: { NO_COLOR: '1' },
    isTTY: { stdin: terminal, stdout: terminal, stderr: false },
    signal: new AbortController().signal,
  };
  const code = await command.run(argv, io).catch((error) => renderError(error, io));
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}
