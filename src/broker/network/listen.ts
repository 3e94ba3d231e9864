/**
 * Sockets: binding, accepting, limits, deadlines. What comes over them is `connection.ts`'s.
 * Binding is apart from serving, so that a port in use is found before anything is written.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket, type TlsOptions } from 'node:tls';
import type { Broker, Endpoint } from '../api.js';
import type { BrokerConfig } from '../config/broker-config.js';
import type { Listener } from '../config/listeners.js';
import { Authentication } from '../security/authentication.js';
import { ListenerSettings } from '../security/listener-settings.js';
import { security } from '../security/part.js';
import { certificatePrincipal } from '../security/principal.js';
import { tlsOptions } from '../security/tls.js';
import { Connection } from './connection.js';
import { RateLimited } from './rate-limited.js';
import { RefusedRequest } from './refused-request.js';

/** Beyond it new connections are refused with a line, long before the process has no file descriptors left. */
const MAX_CONNECTIONS = 20_000;
const SWEEP_MS = 5_000;
const BACKLOG = 511;
/** An old client tries again for as long as it runs. */
const REFUSED_EVERY_MS = 60_000;

interface Bound {
  readonly listener: Listener;
  readonly servers: Server[];
  readonly port: number;
  /** who connected before the broker was ready */
  readonly early: Socket[];
}

export class SocketServer {
  readonly #bound: Bound[];
  readonly #connections = new Set<Connection>();
  #sweeper: NodeJS.Timeout | undefined;
  #next = 0;

  private constructor(bound: Bound[]) {
    this.#bound = bound;
  }

  /** Binds every listener. Throws what `listen` threw, with nothing left bound. */
  static async bind(listeners: readonly Listener[], config: BrokerConfig): Promise<SocketServer> {
    const bound: Bound[] = [];
    try {
      for (const listener of listeners) bound.push(await bindListener(listener, listenerTls(listener, config)));
      return new SocketServer(bound);
    } catch (error) {
      for (const { servers } of bound) for (const server of servers) server.close();
      throw error;
    }
  }

  /** What clients are told. */
  get endpoints(): Endpoint[] {
    return this.#bound.map(({ listener, port }) => ({
      listener: listener.name,
      securityProtocol: listener.securityProtocol,
      host: listener.advertised.host,
      port: listener.advertised.port === 0 ? port : listener.advertised.port,
    }));
  }
  /** The first listener's bound port. */
  get port(): number {
    return this.#bound[0]?.port ?? 0;
  }

  /** Serves who connected since `bind`, and who comes. */
  serve(broker: Broker): void {
    const number = (name: string): number => Number(broker.setting(name));
    const limited = new RateLimited((line) => broker.warn(line));
    const max = Math.min(number('max.connections'), MAX_CONNECTIONS);
    for (const { listener, servers, early } of this.#bound) {
      for (const server of servers) {
        server.maxConnections = max;
        server.on('drop', () => limited.say('drop', `more than ${max} connections: new ones are closed`));
        server.on('error', (error) => limited.say('accept', `cannot accept connections: ${error.message}`));
        const event = connectionEvent(listener);
        server.removeAllListeners(event);
        server.on(event, (socket: Socket) => this.#accept(socket, listener, broker, limited));
        server.on('tlsClientError', (error: Error, socket: Socket) => {
          limited.say('tls', `closed the connection from ${socket.remoteAddress ?? 'a client'}: ${error.message}`);
        });
      }
      for (const socket of early.splice(0)) this.#accept(socket, listener, broker, limited);
    }
    this.#sweeper = setInterval(() => {
      const now = performance.now();
      const maxIdle = number('connections.max.idle.ms');
      for (const connection of this.#connections) if (connection.expired(now, maxIdle)) connection.close();
    }, SWEEP_MS);
    this.#sweeper.unref();
  }

  #accept(socket: Socket, listener: Listener, broker: Broker, limited: RateLimited): void {
    let authentication: Authentication;
    try {
      authentication = authenticate(socket, listener, broker);
    } catch (error) {
      limited.say('principal', `closed the connection from ${socket.remoteAddress}: ${(error as Error).message}`);
      socket.destroy();
      return;
    }
    const connection = new Connection(socket, broker, {
      listener: listener.name,
      authentication,
      id: String(++this.#next),
      maxFrame: Number(broker.setting('socket.request.max.bytes')),
      onBad: (host, error, first) => {
        const line = `closed the connection from ${host.slice(1)}: ${error.message}${hint(first)}`;
        if (error instanceof RefusedRequest) limited.say(line, line, REFUSED_EVERY_MS);
        else limited.say('bad', line);
      },
    });
    this.#connections.add(connection);
    connection.socket.once('close', () => this.#connections.delete(connection));
  }

  /** Stops accepting and closes every connection. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    const closed = this.#bound.flatMap(({ servers }) =>
      servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
    );
    for (const connection of this.#connections) connection.close();
    for (const { early } of this.#bound) for (const socket of early) socket.destroy();
    await Promise.all(closed);
  }
}

const connectionEvent = ({ securityProtocol }: Listener): string =>
  securityProtocol.endsWith('SSL') ? 'secureConnection' : 'connection';

const listenerTls = ({ name, securityProtocol }: Listener, config: BrokerConfig): TlsOptions | undefined =>
  securityProtocol.endsWith('SSL') ? tlsOptions(new ListenerSettings(config, name), securityProtocol) : undefined;

function authenticate(socket: Socket, { name, securityProtocol }: Listener, broker: Broker): Authentication {
  if (securityProtocol.startsWith('SASL')) return new Authentication(broker.part(security).saslOffer(name));
  if (!(socket instanceof TLSSocket)) return new Authentication(undefined);
  return new Authentication(undefined, certificatePrincipal(socket, broker.part(security).principalRules(name)));
}

async function bindListener(listener: Listener, tls: TlsOptions | undefined): Promise<Bound> {
  const hosts = listener.hosts ?? [undefined];
  const servers: Server[] = [];
  const early: Socket[] = [];
  let port = listener.port;
  for (const [i, host] of hosts.entries()) {
    try {
      const server = await listen(host, port, early, tls);
      servers.push(server);
      port = (server.address() as { port: number }).port;
    } catch (error) {
      // a machine may have no IPv6; a port in use is an error wherever it is
      const missing = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '');
      if (i > 0 && missing) continue;
      for (const server of servers) server.close();
      throw error;
    }
  }
  return { listener, servers, port, early };
}

function listen(host: string | undefined, port: number, early: Socket[], tls: TlsOptions | undefined): Promise<Server> {
  const server = tls ? createTlsServer(tls) : createServer({ allowHalfOpen: true, pauseOnConnect: true });
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => early.push(socket.on('error', () => {})));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

/** What the first bytes look like when they are not Kafka's. */
function hint(first: Buffer): string {
  if (/^(GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|CONNECT) /.test(first.toString('latin1', 0, 8))) {
    return ' (it looks like HTTP)';
  }
  return first[0] === 0x16 && first[1] === 0x03 ? ' (it looks like TLS on a plaintext listener)' : '';
}
