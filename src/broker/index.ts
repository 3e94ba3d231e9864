/** The broker for programs, their tests above all: `import { startServer } from 'ts-kafka-cli/server'`. */
import type { Endpoint } from './api.js';
import { resolveConfig } from './config/index.js';
import { removeAbandoned, temporaryDirectory } from './directory/temporary-directory.js';
import { hostPort } from './network/host-port.js';
import { startBroker } from './start.js';

export interface ServerOptions {
  /** where the logs lie; without it a fresh directory that goes with the server */
  readonly dir?: string;
  /** 0, the default: any free one */
  readonly port?: number;
  /** further settings by Kafka's names: { 'num.partitions': 3 } */
  readonly properties?: Readonly<Record<string, string | number | boolean>>;
  /** one line for the operator; nobody hears them by default */
  readonly log?: (line: string) => void;
}

export interface Server {
  /** "localhost:54321", as clients take it */
  readonly bootstrapServers: string;
  readonly port: number;
  readonly clusterId: string;
  readonly dir: string;
  /** Closes every connection and every log. */
  stop(): Promise<void>;
}

/** Starts a single-node Kafka in this process. Rejects with an Error that says in one line what is in the way. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const { port = 0, properties = {}, log = () => {} } = options;
  if (options.dir === undefined) await removeAbandoned();
  const temporary = options.dir === undefined ? temporaryDirectory() : undefined;
  const dir = options.dir ?? (temporary?.path as string);
  const given = { listeners: `PLAINTEXT://localhost:${port}`, ...properties, 'log.dirs': dir };
  const file = Object.entries(given).map(([name, value]) => [name, String(value)] as const);
  try {
    const resolved = resolveConfig({ file, env: {} });
    for (const note of resolved.notes) log(note);
    const running = await startBroker(resolved, log);
    const [endpoint] = running.broker.endpoints as [Endpoint];
    return {
      bootstrapServers: hostPort(endpoint.host, endpoint.port),
      port: running.port,
      clusterId: running.broker.clusterId,
      dir,
      async stop() {
        await running.stop();
        temporary?.remove();
      },
    };
  } catch (error) {
    temporary?.remove();
    throw error;
  }
}
