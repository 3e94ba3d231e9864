/**
 * One connection to one broker. kafkajs opens and authenticates it; requests are pipelined here and matched to their
 * responses by correlation id. The socket is corked while a request is written, so that its chunks leave in one writev.
 */

import { KafkaError } from '../../protocol/errors.js';
import { Reader } from '../../protocol/wire/buffer.js';
import { decodeResponse, encodeRequest } from '../../protocol/wire/frame.js';
import { FrameBuffer } from '../../protocol/wire/frame-buffer.js';
import type { AnyApi, RequestInput, ResponseOf } from '../../protocol/wire/schema.js';
import { DisconnectError, transportFailure } from './failures.js';
import type { KafkajsConnection, QueueEntry } from './kafkajs-connection.js';
import { Throttle } from './throttle.js';
import type { BrokerConnection, Node } from './types.js';

interface Pending {
  readonly timer: NodeJS.Timeout | undefined;
  resolve(answer: Reader): void;
  reject(error: Error): void;
}

/** The version ranges of the ApiVersions response, by api key. */
export type VersionRanges = ReadonlyMap<number, readonly [min: number, max: number]>;

const FRAME_LIMIT = 2 ** 31 - 1;
/** brokers are trusted: a response of up to this size, bytes, gets its buffer at once */
const FIRST_ROOM = 64 << 20;

/** "DescribeAcls" -> "DESCRIBE_ACLS": the API's name in Java's errors. */
const apiKey = (name: string): string => name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();

export interface ConnectionOptions {
  readonly clientId: string | null;
  readonly requestTimeoutMs: number;
  readonly tls: boolean;
  readonly sasl: boolean;
  /** called each time the broker's quotas throttle this connection, ms */
  readonly onThrottle?: (node: Node, ms: number) => void;
}

/** A broker connection: pipelining, correlation ids, timeouts, throttling and re-authentication. */
export class Connection implements BrokerConnection {
  readonly node: Node;
  versions: VersionRanges = new Map();
  /** why the connection is closed; undefined while it is open */
  closed: Error | undefined;
  readonly #kafkajs: KafkajsConnection;
  readonly #clientId: string | null;
  readonly #requestTimeoutMs: number;
  readonly #tls: boolean;
  readonly #sasl: boolean;
  readonly #pending = new Map<number, Pending>();
  readonly #throttle: Throttle;
  readonly #frames = new FrameBuffer(FRAME_LIMIT, FIRST_ROOM);
  #correlationId = 0;
  #authenticating: Promise<void> | undefined;
  /** responses received */
  #answers = 0;

  constructor(node: Node, kafkajs: KafkajsConnection, options: ConnectionOptions) {
    this.node = node;
    this.#kafkajs = kafkajs;
    this.#clientId = options.clientId;
    this.#requestTimeoutMs = options.requestTimeoutMs;
    this.#tls = options.tls;
    this.#sasl = options.sasl;
    this.#throttle = new Throttle((ms) => options.onThrottle?.(node, ms));
    kafkajs.nextCorrelationId = () => this.#nextCorrelationId();
    kafkajs.processData = (chunk) => this.#taking((onFrame) => this.#frames.push(chunk, onFrame));
    kafkajs.requestQueue = {
      push: ({ entry, sendRequest }) => {
        this.#expect(entry.correlationId, this.#requestTimeoutMs).then(
          (answer) => entry.resolve(settled(entry, answer)),
          entry.reject,
        );
        sendRequest();
      },
      rejectAll: (error) => this.#failed(error),
      scheduleRequestTimeoutCheck() {},
      maybeThrottle() {},
      waitForPendingRequests: () => Promise.resolve(),
      destroy() {},
    };
  }

  version(api: AnyApi, atLeast = 0, atMost = 32767): number {
    const theirs = this.versions.get(api.key);
    if (theirs === undefined) throw new KafkaError(35, `The node does not support ${apiKey(api.name)}`);
    const version = Math.min(api.versions[1], theirs[1], atMost);
    const lowest = Math.max(api.versions[0], theirs[0], atLeast);
    if (version < lowest) {
      throw new KafkaError(
        35,
        `The node does not support ${apiKey(api.name)} with version in range [${lowest},${Math.min(api.versions[1], atMost)}]. The supported range is [${theirs[0]},${theirs[1]}].`,
      );
    }
    return version;
  }

  async send<A extends AnyApi>(
    api: A,
    version: number,
    body: RequestInput<A>,
    options: { timeoutMs?: number; oneWay?: boolean } = {},
  ): Promise<ResponseOf<A>> {
    if (!this.#kafkajs.isAuthenticated() && this.#kafkajs.authenticatedAt !== null) await this.#reauthenticate();
    const timeoutMs = options.timeoutMs ?? this.#requestTimeoutMs;
    const exchange = () => this.#exchange(api, version, body, timeoutMs, options.oneWay === true);
    return this.#throttle.holds ? this.#throttle.hold(exchange, timeoutMs) : exchange();
  }

  async #exchange<A extends AnyApi>(
    api: A,
    version: number,
    body: RequestInput<A>,
    timeoutMs: number,
    oneWay: boolean,
  ): Promise<ResponseOf<A>> {
    const correlationId = this.#nextCorrelationId();
    const chunks = encodeRequest(api, version, { correlationId, clientId: this.#clientId }, body);
    if (oneWay) return this.#writeOneWay(chunks) as Promise<never>;
    const answer = this.#expect(correlationId, timeoutMs);
    this.#write(chunks);
    const response = decodeResponse(api, version, await answer);
    this.throttled(api, version, response);
    return response;
  }

  /** Applies the throttle time of a response. */
  throttled<A extends AnyApi>(api: A, version: number, response: ResponseOf<A>): void {
    this.#throttle.take(api, version, (response as { throttleTimeMs?: number }).throttleTimeMs);
  }

  /** Like `send`, but resolves with the response's bytes after the correlation id, for the ApiVersions fallback. */
  exchange<A extends AnyApi>(api: A, version: number, body: RequestInput<A>, timeoutMs: number) {
    const correlationId = this.#nextCorrelationId();
    const answer = this.#expect(correlationId, timeoutMs);
    this.#write(encodeRequest(api, version, { correlationId, clientId: this.#clientId }, body));
    return answer;
  }

  /** kafkajs reported that the socket failed or closed. */
  #failed(error: Error): void {
    const { code } = error as { code?: string };
    const closed = this.#kafkajs.connectionStatus === 'connected' && (code === undefined || code === 'ECONNRESET');
    if (closed) this.lost();
    else this.destroy(transportFailure(error, this.node, this.#tls));
  }

  /** The broker closed the connection. */
  lost(): void {
    const { host, port } = this.node;
    const mismatch = this.#mismatch(`${host}:${port}`);
    this.destroy(new DisconnectError(`${host}:${port} closed the connection.`, mismatch ? { mismatch } : {}));
  }

  /** A broker that disconnects before or right after ApiVersions probably expects another security protocol. */
  #mismatch(place: string): string | undefined {
    if (this.#pending.size === 0 || this.#answers > 1) return undefined;
    if (this.#answers === 1) {
      return this.#sasl ? undefined : `${place} closes the connection: does security.protocol have to be SASL_…?`;
    }
    if (this.#tls) return `${place} closes the connection after the SSL handshake: does it want ssl.keystore.*?`;
    return `${place} closes the connection without an answer: does security.protocol have to be ${this.#sasl ? 'SASL_SSL' : 'SSL'}?`;
  }

  async close(): Promise<void> {
    this.destroy(new DisconnectError('The connection was closed.'));
  }

  /** Closes at once; every pending request fails with `error`. */
  destroy(error: Error): void {
    if (this.closed) return;
    this.closed = error;
    this.#kafkajs.socket?.destroy();
    for (const pending of this.#pending.values()) {
      clearTimeout(pending.timer);
      pending.reject(error);
    }
    this.#pending.clear();
    this.#throttle.release();
  }

  #nextCorrelationId(): number {
    this.#correlationId = (this.#correlationId + 1) & 0x7fffffff;
    return this.#correlationId;
  }

  /** Waits for the response with this id. A request timeout closes the connection, as in Java. */
  #expect(correlationId: number, timeoutMs: number): Promise<Reader> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(this.closed);
      const timer = setTimeout(
        () =>
          this.destroy(
            new DisconnectError(`${this.node.host}:${this.node.port} did not answer within ${timeoutMs} ms.`),
          ),
        timeoutMs,
      );
      this.#pending.set(correlationId, { timer, resolve, reject });
    });
  }

  #write(chunks: readonly Buffer[], flushed?: (error?: Error | null) => void): void {
    const { socket } = this.#kafkajs;
    if (this.closed || !socket) return;
    socket.cork();
    const last = chunks.length - 1;
    for (let i = 0; i < last; i++) socket.write(chunks[i] as Buffer);
    socket.write(chunks[last] as Buffer, flushed);
    socket.uncork();
  }

  #writeOneWay(chunks: readonly Buffer[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(this.closed);
      this.#write(chunks, (error) => (error ? reject(new DisconnectError(error.message)) : resolve(undefined)));
    });
  }

  /** The session is about to expire: kafkajs re-authenticates, and requests wait until it is done (KIP-368). */
  #reauthenticate(): Promise<void> {
    this.#authenticating ??= this.#kafkajs.authenticate().finally(() => {
      this.#authenticating = undefined;
    });
    return this.#authenticating;
  }

  /** Node's `onread` option: the socket reads directly into our frame buffer. */
  readonly onread = {
    buffer: (): Buffer => this.#frames.room(),
    callback: (bytes: number, buffer: Uint8Array): boolean => {
      this.#taking((onFrame) => this.#frames.filled(buffer as Buffer, bytes, onFrame));
      return true;
    },
  };

  #taking(take: (onFrame: (frame: Buffer) => void) => void): void {
    try {
      take((frame) => this.#onFrame(frame));
    } catch (error) {
      this.destroy(
        new DisconnectError(
          `${this.node.host}:${this.node.port} does not speak Kafka's protocol: ${(error as Error).message}`,
        ),
      );
    }
  }

  #onFrame(frame: Buffer): void {
    this.#answers++;
    const reader = new Reader(frame);
    const correlationId = reader.int32();
    const pending = this.#pending.get(correlationId);
    if (!pending) return;
    this.#pending.delete(correlationId);
    clearTimeout(pending.timer);
    pending.resolve(reader);
  }
}

const settled = (entry: QueueEntry, answer: Reader) => {
  const payload = answer.raw(answer.remaining);
  return { correlationId: entry.correlationId, size: payload.length, entry, payload };
};
