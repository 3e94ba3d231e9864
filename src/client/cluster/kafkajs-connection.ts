/**
 * The private API of kafkajs 2.2.4 that we use, and its defects that we avoid. kafkajs opens the socket, does TLS and
 * SASL and re-authenticates before a session expires (KIP-368). Requests go through our own queue, so these parts of
 * kafkajs never run: its request queue with the 1 ms timer (kafkajs#1556) and the 100 ms timeout scan, its wait of up to
 * 5 s on disconnect (#1606), its JSON error lines (#1457), its 1 s connect timeout (#931).
 */
import type { Socket } from 'node:net';
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import Connection from 'kafkajs/src/network/connection.js';
import KafkajsRequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import type { SocketOptions } from './socket.js';

/** kafkajs's `sasl` option: a mechanism and its parameters. */
export interface SaslOptions {
  readonly mechanism: string;
  readonly username?: string;
  readonly password?: string;
  readonly authorizationIdentity?: string;
  /** called for each authentication; replaces kafkajs's built-in mechanisms */
  readonly authenticationProvider?: (args: SaslProviderArgs) => { authenticate(): Promise<void> };
}

export interface SaslProviderArgs {
  readonly host: string;
  readonly port: number;
  saslAuthenticate(exchange: {
    request: { encode(): Promise<Buffer> };
    response?: { decode(raw: Buffer): Promise<unknown>; parse(value: unknown): Promise<unknown> };
  }): Promise<unknown>;
}

interface Logger {
  namespace(): Logger;
  info(): void;
  error(): void;
  warn(): void;
  debug(): void;
}

/** An entry of kafkajs's queue: resolved with the payload after the correlation id. */
export interface QueueEntry {
  readonly correlationId: number;
  resolve(answer: { correlationId: number; size: number; entry: QueueEntry; payload: Buffer }): void;
  reject(error: Error): void;
}

/** The request queue of a kafkajs connection; we substitute our own. */
export interface RequestQueue {
  push(pushed: { entry: QueueEntry; expectResponse: boolean; sendRequest(): void }): void;
  rejectAll(error: Error): void;
  scheduleRequestTimeoutCheck(): void;
  maybeThrottle(): void;
  waitForPendingRequests(): Promise<void>;
  destroy(): void;
}

/** The members of kafkajs's `network/connection` we rely on; each has a contract test. */
export interface KafkajsConnection {
  socket: Socket;
  requestQueue: RequestQueue;
  /** 'connected' while the socket is open; kafkajs changes it only after it has notified the queue */
  readonly connectionStatus: string;
  authenticatedAt: unknown;
  sessionLifetime: { toString(): string };
  reauthenticationThreshold: number;
  processData(chunk: Buffer): void;
  nextCorrelationId(): number;
  connect(): Promise<boolean>;
  authenticate(): Promise<void>;
  isAuthenticated(): boolean;
  setVersions(versions: Readonly<Record<number, { minVersion: number; maxVersion: number }>>): void;
  setSupportAuthenticationProtocol(supported: boolean): void;
}

export interface KafkajsConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly clientId: string;
  readonly connectionTimeout: number;
  readonly ssl: TlsOptions | null;
  readonly sasl: SaslOptions | null;
  socketFactory(options: SocketOptions): Socket;
}

const silent: Logger = { namespace: () => silent, info() {}, error() {}, warn() {}, debug() {} };

/** Creates a kafkajs connection with its queue, logging and timeouts switched off. */
export function kafkajsConnection(options: KafkajsConnectionOptions): KafkajsConnection {
  // the authenticator stores its provider in the options, so each connection needs its own copy
  const sasl = options.sasl && { ...options.sasl };
  const rest = { logger: silent, requestTimeout: 30_000, enforceRequestTimeout: false };
  return new Connection({ ...options, ...rest, sasl }) as KafkajsConnection;
}

/**
 * On an idle connection kafkajs re-arms a timer of at most 1 ms forever, which keeps a core busy (kafkajs#1556). The timer
 * is only needed while requests are pending or a throttle time is running.
 */
export function mendRequestQueue(): void {
  const { prototype } = KafkajsRequestQueue;
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function scheduleWhenNeeded(): void {
    if (this.pending.length === 0 && this.throttledUntil <= Date.now()) return;
    schedule.call(this);
  };
}
