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
  /** treat every stream as a terminal */
  readonly terminal?: boolean;
}

/** Returns the output and exit code that `main` would produce. */
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
