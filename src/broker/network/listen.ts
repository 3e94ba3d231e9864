/**
 * Sockets: binding, accepting, limits and timeouts. `connection.ts` handles what is sent over them.
 * Binding is separate from serving so that a port in use is detected before anything is written.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket, type TlsOptions } from 'node:tls';
import type { Broker, Endpoint } from '../api.js';
import type { BrokerConfig } from '../config/broker-config.js';
import type { Listener } from '../config/listeners.js';
import { Authentication } from '../security/authentication.js';
import { ListenerSettings } from '../security/listener-settings.js';
import { certificatePrincipal } from '../security/principal.js';
import { security } from '../security/security.js';
import { tlsOptions } from '../security/tls.js';
import { Admission } from './admission.js';
import { Connection } from './connection.js';
import { ConnectionQuotas } from './connection-quotas.js';
import { oneLine, RateLimited } from './rate-limited.js';
import { RefusedRequest } from './refused-request.js';

const SWEEP_MS = 5_000;
const BACKLOG = 511;
/** Log interval for rejected requests: an outdated client retries for as long as it runs. */
const REFUSED_EVERY_MS = 60_000;

interface Bound {
  readonly listener: Listener;
  readonly servers: Server[];
  readonly port: number;
  readonly tls: TlsOptions | undefined;
  /** connections accepted before the broker was ready */
  readonly early: Socket[];
}

/** The listeners of the broker and their connections. */
export class SocketServer {
  readonly #bound: Bound[];
  /** with the name of the listener each one came through */
  readonly #connections = new Map<Connection, string>();
  readonly #admissions: Admission[] = [];
  #sweeper: NodeJS.Timeout | undefined;
  #next = 0;

  private constructor(bound: Bound[]) {
    this.#bound = bound;
  }

  /** Binds every listener. If one fails, closes the others and rethrows the error from `listen`. */
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

  /** The advertised endpoints. */
  get endpoints(): Endpoint[] {
    return this.#bound.map(({ listener, port }) => ({
      listener: listener.name,
      securityProtocol: listener.securityProtocol,
      host: listener.advertised.host,
      port: listener.advertised.port === 0 ? port : listener.advertised.port,
    }));
  }
  /** The port the first listener is bound to. */
  get port(): number {
    return this.#bound[0]?.port ?? 0;
  }

  /** Serves the connections accepted since `bind`, and all later ones. */
  serve(broker: Broker): void {
    const number = (name: string): number => Number(broker.setting(name));
    const limited = new RateLimited((line) => broker.warn(line));
    const quotas = new ConnectionQuotas(
      broker.config,
      this.#bound.map(({ listener }) => listener.name),
    );
    const retry = () => {
      for (const admission of this.#admissions) admission.retry();
    };
    for (const { listener, servers, early, tls } of this.#bound) {
      const admission = new Admission({
        listener: listener.name,
        tls: tls && createTlsServer(tls),
        maxWaiting: number('socket.listen.backlog.size'),
        quotas,
        limited,
        admitted: (socket, address) => this.#serveOne(socket, address, listener, broker, limited),
        released: retry,
        exceeded: () => this.#closeIdlest(quotas),
      });
      this.#admissions.push(admission);
      for (const server of servers) {
        server.on('error', (error) => limited.log('accept', `cannot accept connections: ${error.message}`));
        server.removeAllListeners('connection');
        server.on('connection', (socket: Socket) => admission.take(socket));
      }
      for (const socket of early.splice(0)) admission.take(socket);
    }
    this.#sweeper = setInterval(() => {
      const now = performance.now();
      const maxIdle = number('connections.max.idle.ms');
      for (const connection of this.#connections.keys()) if (connection.expired(now, maxIdle)) connection.close();
      // the limits can be raised dynamically
      retry();
    }, SWEEP_MS);
    this.#sweeper.unref();
  }

  #serveOne(socket: Socket, address: string, listener: Listener, broker: Broker, limited: RateLimited): Socket {
    const connection = new Connection(socket, broker, {
      address,
      listener: listener.name,
      authentication: authenticate(socket, listener, broker),
      id: String(++this.#next),
      maxFrame: Number(broker.setting('socket.request.max.bytes')),
      limited,
      onBad: (host, error, first) => {
        const line = oneLine(`closed the connection from ${host.slice(1)}: ${error.message}${hint(first)}`);
        if (error instanceof RefusedRequest) limited.log(line, line, REFUSED_EVERY_MS);
        else limited.log('bad', line);
      },
    });
    this.#connections.set(connection, listener.name);
    connection.socket.once('close', () => this.#connections.delete(connection));
    return connection.socket;
  }

  /** Closes the longest idle connection to make room for one to the protected listener. */
  #closeIdlest(quotas: ConnectionQuotas): void {
    let idlest: Connection | undefined;
    for (const [connection, listener] of this.#connections) {
      if (quotas.isProtected(listener)) continue;
      if (idlest === undefined || connection.lastActivity < idlest.lastActivity) idlest = connection;
    }
    idlest?.close();
  }

  /** Stops accepting and closes every connection. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    const closed = this.#bound.flatMap(({ servers }) =>
      servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
    );
    for (const connection of this.#connections.keys()) connection.close();
    for (const admission of this.#admissions) admission.close();
    for (const { early } of this.#bound) for (const socket of early) socket.destroy();
    await Promise.all(closed);
  }
}

const listenerTls = ({ name, securityProtocol }: Listener, config: BrokerConfig): TlsOptions | undefined =>
  securityProtocol.endsWith('SSL') ? tlsOptions(new ListenerSettings(config, name), securityProtocol) : undefined;

function authenticate(socket: Socket, { name, securityProtocol }: Listener, broker: Broker): Authentication {
  if (securityProtocol.startsWith('SASL')) return new Authentication(broker.component(security).saslOffer(name));
  if (!(socket instanceof TLSSocket)) return new Authentication(undefined);
  return new Authentication(undefined, certificatePrincipal(socket, broker.component(security).principalRules(name)));
}

async function bindListener(listener: Listener, tls: TlsOptions | undefined): Promise<Bound> {
  const hosts = listener.hosts ?? [undefined];
  const servers: Server[] = [];
  const early: Socket[] = [];
  let port = listener.port;
  for (const [i, host] of hosts.entries()) {
    try {
      const server = await listen(host, port, early);
      servers.push(server);
      port = (server.address() as { port: number }).port;
    } catch (error) {
      // a machine without IPv6 is fine; a port in use never is
      const missing = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '');
      if (i > 0 && missing) continue;
      for (const server of servers) server.close();
      throw error;
    }
  }
  return { listener, servers, port, tls, early };
}

function listen(host: string | undefined, port: number, early: Socket[]): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  server.on('connection', (socket: Socket) => early.push(socket.on('error', () => {})));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

/** Guesses from the first bytes which protocol a client that does not speak Kafka's is using. */
function hint(first: Buffer): string {
  if (/^(GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|CONNECT) /.test(first.toString('latin1', 0, 8))) {
    return ' (it looks like HTTP)';
  }
  return first[0] === 0x16 && first[1] === 0x03 ? ' (it looks like TLS on a plaintext listener)' : '';
}
