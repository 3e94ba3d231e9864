/** The broker as a library, mainly for tests: `import { startServer } from 'ts-kafka-cli/server'`. */
import type { Endpoint } from './api.js';
import { resolveConfig } from './config/index.js';
import { removeAbandoned, temporaryDirectory } from './directory/temporary-directory.js';
import { hostPort } from './network/host-port.js';
import { startBroker } from './start.js';

/** Options of `startServer`. */
export interface ServerOptions {
  /** the log directory; by default a temporary one that is removed on stop() */
  readonly dir?: string;
  /** 0, the default, picks a free port */
  readonly port?: number;
  /** additional broker configs by Kafka's names: { 'num.partitions': 3 } */
  readonly properties?: Readonly<Record<string, string | number | boolean>>;
  /** receives the broker's log, one line per call; by default the log is discarded */
  readonly log?: (line: string) => void;
}

/** A running broker. */
export interface Server {
  /** "localhost:54321", for bootstrap.servers */
  readonly bootstrapServers: string;
  readonly port: number;
  readonly clusterId: string;
  readonly dir: string;
  /** Closes all connections and logs. */
  stop(): Promise<void>;
}

/**
 * Starts a single-node Kafka broker in this process. Rejects with an Error whose message is one line naming the cause.
 */
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
