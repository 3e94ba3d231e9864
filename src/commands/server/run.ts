/** Runs the broker until a signal: configuration, ready line, shutdown. Shared by `server` and `server-start`. */
import { readFileSync } from 'node:fs';
import { ConfigError, type Resolved, resolveConfig } from '../../broker/config/index.js';
import { hostPort } from '../../broker/network/host-port.js';
import { startBroker } from '../../broker/start.js';
import { CommandError } from '../../cli/errors.js';
import type { Io } from '../../cli/io.js';
import { parseProperties } from '../../java/properties.js';
import type { ServerArguments } from './arguments.js';
import { register } from './registry.js';

export async function runServer(args: ServerArguments, io: Io): Promise<number> {
  const resolved = resolve(args, io);
  for (const note of resolved.notes) io.stderr.write(`${note}\n`);
  const warn = (line: string) => void io.stderr.write(`${line}\n`);
  const server = await start(resolved, warn);
  const addresses = server.broker.endpoints.map((e) => hostPort(e.host, e.port)).join(', ');
  const unregister = register(
    {
      pid: process.pid,
      nodeId: Number(resolved.config.setting('node.id')),
      logDir: resolved.logDir,
      address: addresses,
    },
    io.env,
    warn,
  );
  try {
    io.stdout.write(`ts-kafka is ready on ${addresses}, data in ${resolved.logDir}\n`);
    await aborted(io.signal);
    await server.stop();
  } finally {
    unregister();
  }
  return 0;
}

function resolve(args: ServerArguments, io: Io): Resolved {
  try {
    const file = args.file === undefined ? [] : readFile(args.file);
    return resolveConfig({ file, env: io.env, overrides: args.overrides });
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(error.message);
    throw error;
  }
}

function readFile(file: string): Iterable<readonly [string, string]> {
  try {
    return parseProperties(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'it is a directory' : message;
    throw new CommandError(`cannot read ${file}: ${why}`);
  }
}

async function start(resolved: Resolved, warn: (line: string) => void) {
  try {
    return await startBroker(resolved, warn);
  } catch (error) {
    throw new CommandError(
      startFailure(error as NodeJS.ErrnoException & { address?: string; port?: number }, resolved),
    );
  }
}

/** The cause of a failed start and how to fix it, in one line. */
function startFailure(
  error: NodeJS.ErrnoException & { address?: string; port?: number },
  { logDir }: Resolved,
): string {
  const address = error.port === undefined ? '' : hostPort(error.address ?? '', error.port);
  if (error.name === 'DirectoryInUse') return `${error.message}: stop it, or choose another directory with log.dirs`;
  switch (error.code) {
    case 'EADDRINUSE':
      return `${address} is in use: stop the program that uses it, or choose another port with --override listeners=PLAINTEXT://localhost:PORT`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `cannot listen on ${error.address ?? 'that address'}: this machine does not have that address; check the listeners setting`;
    case 'EACCES':
    case 'EPERM':
      if (error.port !== undefined) return `not allowed to listen on ${address}: set listeners to a port above 1023`;
      return `not allowed to use ${error.path ?? logDir}: choose another directory with log.dirs`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `${error.path ?? logDir} is not a directory: choose another with log.dirs`;
    case 'EROFS':
    case 'ENOSPC':
      return `cannot write to ${error.path ?? logDir}: ${error.message}`;
    default:
      return error.message;
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
