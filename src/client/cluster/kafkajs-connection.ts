/**
 * What we use of kafkajs 2.2.4 below its public face, and the faults of it that must not reach a user. kafkajs opens
 * the socket, does TLS and SASL and authenticates again when a session nears its end (KIP-368); bytes go through our
 * own queue, so these never run: its request queue with the 1 ms timer (kafkajs#1556) and the 100 ms time-out scan,
 * its up to 5 s of waiting on disconnect (#1606), its JSON error lines (#1457), its 1 s connect time-out (#931).
 */
import type { Socket } from 'node:net';
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import Connection from 'kafkajs/src/network/connection.js';
import KafkajsRequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import type { SocketOptions } from './socket.js';

/** kafkajs's `sasl` option: a mechanism and what that mechanism needs. */
export interface SaslOptions {
  readonly mechanism: string;
  readonly username?: string;
  readonly password?: string;
  readonly authorizationIdentity?: string;
  /** called for each authentication; kafkajs takes it instead of its built-in mechanisms */
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

/** One entry of kafkajs's queue: it is resolved with the payload behind the correlation id. */
export interface QueueEntry {
  readonly correlationId: number;
  resolve(answer: { correlationId: number; size: number; entry: QueueEntry; payload: Buffer }): void;
  reject(error: Error): void;
}

/** The queue a kafkajs connection talks to; ours takes its place. */
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
  /** 'connected' while the socket is open; kafkajs changes it after it has told the queue */
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

/** Makes a kafkajs connection with its own queue, logging and time-outs switched off. */
export function kafkajsConnection(options: KafkajsConnectionOptions): KafkajsConnection {
  // the authenticator stores its provider in the options, so they are ours alone
  const sasl = options.sasl && { ...options.sasl };
  const rest = { logger: silent, requestTimeout: 30_000, enforceRequestTimeout: false };
  return new Connection({ ...options, ...rest, sasl }) as KafkajsConnection;
}

/**
 * kafkajs sets a timer of at most 1 ms again and again on an idle connection, which keeps a core busy (kafkajs#1556).
 * Nothing is to be checked while nothing is pending and no throttle runs out.
 */
export function mendRequestQueue(): void {
  const { prototype } = KafkajsRequestQueue;
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function scheduleWhenNeeded(): void {
    if (this.pending.length === 0 && this.throttledUntil <= Date.now()) return;
    schedule.call(this);
  };
}
