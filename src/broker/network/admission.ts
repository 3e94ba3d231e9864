/**
 * Takes an accepted socket to a served connection: applies the connection quotas and completes the TLS handshake.
 * Connections accepted before the broker is ready, or above the quotas, wait without being read.
 */
import type { Socket } from 'node:net';
import type { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { hostAddress } from '../security/host-address.js';
import { certificateRefusal } from '../security/principal.js';
import type { ConnectionQuotas } from './connection-quotas.js';
import { oneLine, type RateLimited } from './rate-limited.js';

type TlsServer = ReturnType<typeof createTlsServer>;

/** The listener an Admission works for, and its callbacks. */
export interface AdmissionOptions {
  readonly listener: string;
  /** performs the TLS handshakes; does not itself listen */
  readonly tls: TlsServer | undefined;
  /** how many connections may wait for room: socket.listen.backlog.size */
  readonly maxWaiting: number;
  readonly quotas: ConnectionQuotas;
  readonly limited: RateLimited;
  /** Takes an admitted socket and its peer's address; returns the socket of the resulting connection. */
  admitted(socket: Socket, address: string): Socket;
  /** Called when a connection has closed and made room. */
  released(): void;
  /** Called when a connection to the protected listener exceeds max.connections. */
  exceeded(): void;
}

/** Only OpenSSL's reason: the full message names a source file. */
const reasonOf = (error: Error): string =>
  'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;

/** Admits the connections of one listener. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #waiting: Socket[] = [];
  /** sockets of a TLS listener, from the start of the handshake on */
  readonly #encrypted = new Set<Socket>();

  constructor(options: AdmissionOptions) {
    this.#options = options;
    options.tls?.on('secureConnection', (socket) => this.#handshakeDone(socket));
    options.tls?.on('tlsClientError', (error, socket) => this.#logTlsFailure(socket, reasonOf(error)));
  }

  #logTlsFailure(socket: TLSSocket, why: string): void {
    const host = socket.remoteAddress === undefined ? 'a client' : `/${hostAddress(socket.remoteAddress)}`;
    this.#options.limited.log(
      `tls ${host}`,
      oneLine(`Failed authentication with ${host} (SSL handshake failed: ${why})`),
    );
  }

  /** Admits, queues or closes a socket, which must have been accepted paused. */
  take(socket: Socket): void {
    const { quotas, listener, maxWaiting, limited } = this.#options;
    socket.on('error', () => {});
    // After a reset the peer's address is unknown but its data is still readable: serving it would bypass per-address
    // limits and host ACLs.
    if (socket.remoteAddress === undefined) return void socket.destroy();
    if (quotas.hasRoom(listener)) return this.#admit(socket);
    if (this.#waiting.length >= maxWaiting) {
      limited.log('full', `more than ${quotas.total} connections: new ones to ${listener} are closed`);
      socket.destroy();
      return;
    }
    limited.log('wait', `${quotas.total} connections are open: new ones to ${listener} wait`);
    this.#waiting.push(socket);
  }

  /** Admits waiting connections while there is room. */
  retry(): void {
    const { quotas, listener } = this.#options;
    while (this.#waiting.length > 0 && quotas.hasRoom(listener)) this.#admit(this.#waiting.shift() as Socket);
  }

  #admit(socket: Socket): void {
    const { quotas, listener, limited, tls } = this.#options;
    const address = hostAddress(socket.remoteAddress ?? '');
    if (!quotas.admits(address)) {
      const most = quotas.maxOf(address);
      limited.log(
        `address ${address}`,
        `Rejected connection from /${address}, address already has the configured maximum of ${most} connections.`,
      );
      socket.destroy();
      return;
    }
    const giveBack = quotas.take(listener, address);
    const release = () => {
      giveBack();
      this.#options.released();
    };
    if (quotas.exceeded) this.#options.exceeded();
    if (!tls) {
      const served = this.#serve(socket);
      if (served) served.once('close', release);
      else release();
      return;
    }
    this.#encrypted.add(socket);
    socket.once('close', () => {
      this.#encrypted.delete(socket);
      release();
    });
    tls.emit('connection', socket);
  }

  #handshakeDone(socket: TLSSocket): void {
    const refusal = certificateRefusal(socket);
    if (refusal === undefined) return void this.#serve(socket);
    this.#logTlsFailure(socket, refusal);
    socket.destroy();
  }

  /** Creates the connection. A failure closes this connection only. */
  #serve(socket: Socket): Socket | undefined {
    const { remoteAddress } = socket;
    try {
      if (remoteAddress !== undefined) return this.#options.admitted(socket, hostAddress(remoteAddress));
    } catch (error) {
      const { listener, limited } = this.#options;
      const why = oneLine(`closed the connection from ${remoteAddress}: ${(error as Error).message}`);
      limited.log(`serve ${listener}`, why);
    }
    socket.destroy();
    return undefined;
  }

  close(): void {
    for (const socket of [...this.#waiting.splice(0), ...this.#encrypted]) socket.destroy();
  }
}
