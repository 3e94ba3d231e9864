/**
 * From an accepted socket to one that is served: within the quotas, and with its TLS handshake done. What comes before the
 * broker is ready, or while there is no room, waits paused.
 */
import type { Socket } from 'node:net';
import type { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { hostAddress } from '../security/host-address.js';
import { certificateRefusal } from '../security/principal.js';
import type { ConnectionQuotas } from './connection-quotas.js';
import { oneLine, type RateLimited } from './rate-limited.js';

type TlsServer = ReturnType<typeof createTlsServer>;

export interface Door {
  readonly listener: string;
  /** does the handshakes of a TLS listener; it listens nowhere itself */
  readonly tls: TlsServer | undefined;
  /** socket.listen.backlog.size: how many may wait */
  readonly maxWaiting: number;
  readonly quotas: ConnectionQuotas;
  readonly limited: RateLimited;
  /** takes a socket that was let in, and its peer's address; returns the socket that is served on its connection */
  admitted(socket: Socket, address: string): Socket;
  /** a place became free */
  released(): void;
  /** a connection came to the protected listener although all the places were taken */
  exceeded(): void;
}

/** OpenSSL's reason alone: its message names a source file. */
const reasonOf = (error: Error): string =>
  'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;

export class Admission {
  readonly #door: Door;
  readonly #waiting: Socket[] = [];
  /** those in a TLS handshake, or past it */
  readonly #encrypted = new Set<Socket>();

  constructor(door: Door) {
    this.#door = door;
    door.tls?.on('secureConnection', (socket) => this.#encryptedNow(socket));
    door.tls?.on('tlsClientError', (error, socket) => this.#sayTls(socket, reasonOf(error)));
  }

  #sayTls(socket: TLSSocket, why: string): void {
    const host = socket.remoteAddress === undefined ? 'a client' : `/${hostAddress(socket.remoteAddress)}`;
    this.#door.limited.say(`tls ${host}`, oneLine(`Failed authentication with ${host} (SSL handshake failed: ${why})`));
  }

  /** `socket` was accepted paused. */
  take(socket: Socket): void {
    const { quotas, listener, maxWaiting, limited } = this.#door;
    socket.on('error', () => {});
    // A peer that reset the connection has no address any more, but what it sent can still be read: no list of hosts would hold.
    if (socket.remoteAddress === undefined) return void socket.destroy();
    if (quotas.hasRoom(listener)) return this.#admit(socket);
    if (this.#waiting.length >= maxWaiting) {
      limited.say('full', `more than ${quotas.total} connections: new ones to ${listener} are closed`);
      socket.destroy();
      return;
    }
    limited.say('wait', `there are ${quotas.total} connections: new ones to ${listener} wait`);
    this.#waiting.push(socket);
  }

  /** A place may have become free. */
  retry(): void {
    const { quotas, listener } = this.#door;
    while (this.#waiting.length > 0 && quotas.hasRoom(listener)) this.#admit(this.#waiting.shift() as Socket);
  }

  #admit(socket: Socket): void {
    const { quotas, listener, limited, tls } = this.#door;
    const address = hostAddress(socket.remoteAddress ?? '');
    if (!quotas.admits(address)) {
      const most = quotas.maxOf(address);
      limited.say(
        `address ${address}`,
        `Rejected connection from /${address}, address already has the configured maximum of ${most} connections.`,
      );
      socket.destroy();
      return;
    }
    const giveBack = quotas.take(listener, address);
    const release = () => {
      giveBack();
      this.#door.released();
    };
    if (quotas.exceeded) this.#door.exceeded();
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

  #encryptedNow(socket: TLSSocket): void {
    const refusal = certificateRefusal(socket);
    if (refusal === undefined) return void this.#serve(socket);
    this.#sayTls(socket, refusal);
    socket.destroy();
  }

  /** Whatever goes wrong with one connection is its end, and no other's. */
  #serve(socket: Socket): Socket | undefined {
    const { remoteAddress } = socket;
    try {
      if (remoteAddress !== undefined) return this.#door.admitted(socket, hostAddress(remoteAddress));
    } catch (error) {
      const { listener, limited } = this.#door;
      const why = oneLine(`closed the connection from ${remoteAddress}: ${(error as Error).message}`);
      limited.say(`serve ${listener}`, why);
    }
    socket.destroy();
    return undefined;
  }

  close(): void {
    for (const socket of [...this.#waiting.splice(0), ...this.#encrypted]) socket.destroy();
  }
}
