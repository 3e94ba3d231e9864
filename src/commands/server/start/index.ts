/** kafka-server-start.sh: runs the server with a configuration file. -daemon runs it in the background and returns once it is ready. */
import { spawn } from 'node:child_process';
import { closeSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError, UsageError } from '../../../cli/errors.js';
import type { Command, Io } from '../../../cli/io.js';
import { openOutput } from '../../../cli/own-files.js';
import { makeDirectory } from '../../../log/make-directory.js';
import { self } from '../../shared/self.js';
import { loadConfig } from '../../shared/server-config.js';
import { parseServerArguments, type ServerArguments } from '../arguments.js';
import { isAlive, openRegistry, running } from '../registry.js';
import { runServer } from '../run.js';

const USAGE = 'USAGE: kafka-server-start [-daemon] server.properties [--override property=value]*\n';
const PATIENCE_MS = 30_000;

export const command: Command = {
  async run(argv, io) {
    if (argv.length === 0) throw new UsageError(USAGE.trimEnd());
    const daemon = argv[0] === '-daemon' || argv[0] === '--daemon';
    const words = daemon ? argv.slice(1) : argv;
    const args = parseServerArguments(words, USAGE);
    if (args.file === undefined) throw new UsageError(USAGE.trimEnd());
    return daemon ? startDaemon(args, words, io) : runServer(args, io);
  },
};

/** Output goes to LOG_DIR/kafkaServer.out, or next to the data directory: not inside, where Kafka expects only its own files. */
async function startDaemon(args: ServerArguments, words: readonly string[], io: Io): Promise<number> {
  const override = [...args.overrides].reverse().find(([name]) => name === 'log.dirs' || name === 'log.dir')?.[1];
  const data = override ?? loadConfig(args.file as string).logDir;
  const file = io.env.LOG_DIR ? join(io.env.LOG_DIR, 'kafkaServer.out') : `${data.replace(/\/+$/, '')}.out`;
  makeDirectory(dirname(file));
  const out = output(file, io.env);
  const child = spawn(...self('server-start', ...words), {
    detached: true,
    stdio: ['ignore', out, out],
    env: io.env as NodeJS.ProcessEnv,
  });
  closeSync(out);
  child.unref();
  const pid = child.pid;
  if (pid === undefined) throw new CommandError('cannot start the server process');
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until && !io.signal.aborted; ) {
    if (running(io.env).some((server) => server.pid === pid)) return 0;
    if (child.exitCode !== null || !isAlive(pid)) {
      throw new CommandError(readFileSync(file, 'utf8').trimEnd() || `the server did not start; see ${file}`);
    }
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new CommandError(`the server was not ready after ${PATIENCE_MS / 1000} s; see ${file}`);
}

/** Opens the output file. Checks the registry first: without it, we could not tell when the background server is ready. */
function output(file: string, env: Io['env']): number {
  try {
    openRegistry(env);
    return openOutput(file);
  } catch (error) {
    throw new CommandError(`cannot start in the background: ${(error as Error).message}`);
  }
}
