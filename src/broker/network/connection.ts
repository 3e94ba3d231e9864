/**
 * One client's connection: reads request frames, and writes responses strictly in request order.
 *
 * Like Kafka, it handles one request at a time; only requests that follow a Produce may start while its records are
 * being synced (`DeferredResponse`), so that pipelined batches share a group commit. Back pressure bounds memory: a
 * client that does not read its responses, or sends faster than it is served, is no longer read from.
 */
import type { Socket } from 'node:net';
import { KafkaError } from '../../protocol/errors.js';
import { ProtocolError } from '../../protocol/wire/buffer.js';
import { FrameBuffer } from '../../protocol/wire/frame-buffer.js';
import type { Broker } from '../api.js';
import { CloseConnection, DeferredResponse } from '../handler.js';
import type { RequestContext } from '../request-context.js';
import type { Authentication } from '../security/authentication.js';
import { type Chunks, type Served, serve } from './dispatch.js';
import { oneLine, type RateLimited } from './rate-limited.js';
import { canReadInto, readInto } from './read-into.js';

/** Maximum number of outstanding responses; above it, reading pauses. */
const MAX_PIPELINED = 64;
/** An incomplete frame whose average rate, in bytes per second, is below this counts as stalled. */
const MIN_FRAME_RATE = 1024;
const FRAME_GRACE_MS = 30_000;
/** Initial buffer for a frame from an unauthenticated client; it grows as bytes arrive. */
const UNAUTHENTICATED_BUFFER_BYTES = 4096;
/** How long a closing connection waits for its last responses to be sent. */
const LAST_ANSWER_MS = 5_000;

interface Slot {
  answer: Chunks | undefined;
}

/** Serves one client. */
export class Connection {
  readonly #socket: Socket;
  readonly #broker: Broker;
  readonly #reader: FrameBuffer;
  readonly #maxFrame: number;
  readonly #limited: RateLimited;
  readonly #context: Omit<RequestContext, 'apiVersion' | 'clientId' | 'release' | 'allows'>;
  readonly #abort = new AbortController();
  readonly #queue: Buffer[] = [];
  readonly #slots: Slot[] = [];
  #busy = false;
  #blocked = false;
  #pumping = false;
  #ended = false;
  #refused = false;
  #closing = false;
  #lastActivity = performance.now();
  #frameSince = 0;

  /** `accepted` must be paused; the connection may continue on another socket with the same handle. */
  constructor(
    accepted: Socket,
    broker: Broker,
    options: {
      /** the peer's address as Java prints it */
      address: string;
      listener: string;
      authentication: Authentication;
      id: string;
      maxFrame: number;
      limited: RateLimited;
      onBad: (host: string, error: Error, first: Buffer) => void;
    },
  ) {
    this.#broker = broker;
    this.#maxFrame = options.maxFrame;
    this.#limited = options.limited;
    this.#reader = new FrameBuffer(options.maxFrame);
    const clientHost = `/${options.address}`;
    const { authentication } = options;
    this.#context = {
      clientHost,
      listener: options.listener,
      get principal() {
        return authentication.principal;
      },
      authentication,
      closed: this.#abort.signal,
      connectionId: options.id,
    };
    const received = (take: (onFrame: (frame: Buffer) => void) => void, bytes: Buffer): void =>
      this.#received(take, (error) => options.onBad(clientHost, error, bytes));
    if (canReadInto(accepted)) {
      const filled = (bytes: number, buffer: Buffer): boolean => {
        received((onFrame) => this.#reader.filled(buffer, bytes, onFrame), buffer.subarray(0, bytes));
        return true;
      };
      this.#socket = readInto(accepted, () => this.#reader.room(), filled);
    } else {
      this.#socket = accepted;
      accepted.on('data', (chunk: Buffer) => received((onFrame) => this.#reader.push(chunk, onFrame), chunk));
      accepted.resume();
    }
    const socket = this.#socket;
    socket.setNoDelay(true);
    socket.on('drain', () => {
      this.#blocked = false;
      this.#lastActivity = performance.now();
      this.#guard(() => this.#pump());
    });
    socket.on('end', () => {
      this.#ended = true;
      this.#closeWhenAnswered();
    });
    socket.on('error', () => this.close());
    socket.on('close', () => this.close());
    this.#onBad = (error) => options.onBad(clientHost, error, Buffer.alloc(0));
  }

  readonly #onBad: (error: Error) => void;

  /** Handles received bytes; `take` passes them to the frame reader. */
  #received(take: (onFrame: (frame: Buffer) => void) => void, onBad: (error: Error) => void): void {
    this.#lastActivity = performance.now();
    if (this.#reader.pending === 0) this.#frameSince = this.#lastActivity;
    if (this.#over) return;
    const { maxFrame } = this.#context.authentication;
    if (maxFrame === undefined) this.#reader.bound(this.#maxFrame);
    else this.#reader.bound(maxFrame, UNAUTHENTICATED_BUFFER_BYTES);
    this.#guard(() => {
      take((frame) => {
        this.#queue.push(frame);
        this.#frameSince = this.#lastActivity;
      });
      this.#pump();
    }, onBad);
  }

  get socket(): Socket {
    return this.#socket;
  }

  /** Time of the last read or write, on performance.now's clock. */
  get lastActivity(): number {
    return this.#lastActivity;
  }

  /** Whether to close it: idle for too long, or stalled in the middle of a frame. */
  expired(now: number, maxIdleMs: number): boolean {
    if (this.#reader.pending > 0) {
      const since = now - this.#frameSince;
      return since > FRAME_GRACE_MS && this.#reader.pending < (since / 1000) * MIN_FRAME_RATE;
    }
    return this.#slots.length === 0 && now - this.#lastActivity > maxIdleMs;
  }

  close(): void {
    if (!this.#abort.signal.aborted) this.#abort.abort();
    this.#queue.length = 0;
    this.#socket.destroy();
  }

  /** Runs `work`; an error, such as a malformed request, closes this connection only. */
  #guard(work: () => void, onBad: (error: Error) => void = this.#onBad): void {
    try {
      work();
    } catch (error) {
      this.#fail(error, onBad);
    }
  }

  #fail(error: unknown, onBad: (error: Error) => void): void {
    if (error instanceof ProtocolError) onBad(error);
    else if (!(error instanceof CloseConnection)) {
      this.#limited.log('unexpected', () => `unexpected error: ${describe(error)}`);
    }
    this.#logAuthenticationFailure();
    // requests received earlier still get their responses
    this.#send();
    this.#closeSoon();
  }

  /** Whether nothing more is read or handled: authentication failed, or a request was malformed. */
  get #over(): boolean {
    return this.#closing || this.#context.authentication.failure !== undefined;
  }

  get #ready(): boolean {
    if (this.#over) this.#queue.length = 0;
    return this.#queue.length > 0 && !this.#busy && !this.#blocked && this.#slots.length < MAX_PIPELINED;
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#ready) this.#start(this.#queue.shift() as Buffer);
    } finally {
      this.#pumping = false;
    }
    this.#flush();
    if (this.#queue.length > 0 || this.#over) this.#socket.pause();
    else if (this.#socket.isPaused()) this.#socket.resume();
  }

  #start(frame: Buffer): void {
    const slot: Slot = { answer: undefined };
    this.#slots.push(slot);
    const answered = (chunks: Chunks): void => {
      slot.answer = chunks;
      if (!this.#pumping) this.#pump();
    };
    const failed = (error: unknown): void => {
      this.#fail(error, this.#onBad);
    };
    const later = (answer: Promise<Chunks>): void => {
      answer.then(answered).catch(failed);
    };
    const result: Served = serve(frame, this.#context, this.#broker);
    if (result instanceof DeferredResponse) later(result.answer);
    else if (result instanceof Promise) {
      this.#busy = true;
      result
        .then((chunks) => {
          this.#busy = false;
          if (chunks instanceof DeferredResponse) {
            later(chunks.answer);
            this.#pump();
          } else answered(chunks);
        })
        .catch(failed);
    } else slot.answer = result;
  }

  #flush(): void {
    if (!this.#send()) return;
    if (this.#context.authentication.failure !== undefined) this.#closeRefused();
    else if (this.#ended) this.#closeWhenAnswered();
  }

  /** Sends completed responses, up to the first incomplete one; false if there was none to send. */
  #send(): boolean {
    let sent = 0;
    const socket = this.#socket;
    while (sent < this.#slots.length) {
      const answer = (this.#slots[sent] as Slot).answer;
      if (answer === undefined) break;
      if (answer !== null && !socket.destroyed) {
        if (sent === 0) socket.cork();
        for (const chunk of answer) if (!socket.write(chunk)) this.#blocked = true;
      }
      sent++;
    }
    if (sent === 0) return false;
    this.#slots.splice(0, sent);
    socket.uncork();
    this.#blocked &&= socket.writableNeedDrain;
    this.#lastActivity = performance.now();
    return true;
  }

  #closeRefused(): void {
    if (this.#slots.length > 0) return;
    this.#logAuthenticationFailure();
    this.#closeSoon();
  }

  /** Flushes the sent responses, then closes the socket even if the peer keeps its side open. */
  #closeSoon(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#abort.abort();
    this.#queue.length = 0;
    this.#socket.destroySoon();
    setTimeout(() => this.close(), LAST_ANSWER_MS).unref();
  }

  /** Logs a failed authentication in the words of Kafka's Selector. */
  #logAuthenticationFailure(): void {
    const { failure, reauthenticating } = this.#context.authentication;
    if (failure === undefined || this.#refused) return;
    this.#refused = true;
    const { clientHost } = this.#context;
    const what = reauthenticating ? 're-authentication' : 'authentication';
    this.#limited.log(`${what} ${clientHost}`, oneLine(`Failed ${what} with ${clientHost} (${failure})`));
  }

  #closeWhenAnswered(): void {
    if (this.#slots.length === 0 && this.#queue.length === 0) this.#socket.end();
    else this.#abort.abort();
  }
}

const describe = (error: unknown): string =>
  error instanceof KafkaError
    ? `${error.error}: ${error.message}`
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);
