/** A raw client: sends exactly the given bytes. */
import { connect, type Socket } from 'node:net';
import { Reader } from '../../src/protocol/wire/buffer.js';
import { decodeResponse, encodeRequest } from '../../src/protocol/wire/frame.js';
import { FrameBuffer } from '../../src/protocol/wire/frame-buffer.js';
import type { Api } from '../../src/protocol/wire/schema.js';

export class Wire {
  readonly socket: Socket;
  readonly frames: Buffer[] = [];
  closed = false;
  readonly #wake = new Set<() => void>();

  private constructor(socket: Socket) {
    this.socket = socket;
    const reader = new FrameBuffer(1 << 30);
    socket.on('data', (chunk: Buffer) => {
      reader.push(chunk, (frame) => this.frames.push(frame));
      this.#stir();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
      this.#stir();
    });
  }

  static open(port: number, host = '127.0.0.1'): Promise<Wire> {
    const socket = connect(port, host);
    const wire = new Wire(socket);
    return new Promise((resolve, reject) => {
      socket.once('connect', () => resolve(wire));
      socket.once('error', reject);
    });
  }

  #stir(): void {
    for (const wake of this.#wake) wake();
  }

  /** Resolves to true if the condition holds within `ms`. */
  async until(holds: () => boolean, ms = 5_000): Promise<boolean> {
    const deadline = Date.now() + ms;
    while (!holds()) {
      const left = deadline - Date.now();
      if (left <= 0) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, left);
        const wake = this.#wake;
        function done(): void {
          clearTimeout(timer);
          wake.delete(done);
          resolve();
        }
        wake.add(done);
      });
    }
    return true;
  }

  send(bytes: Buffer | readonly Buffer[]): void {
    this.socket.write(Buffer.isBuffer(bytes) ? bytes : Buffer.concat(bytes as Buffer[]));
  }

  /** The next response; null if the connection closes instead. */
  async frame(ms = 5_000): Promise<Buffer | null> {
    const came = await this.until(() => this.frames.length > 0 || this.closed, ms);
    if (!came) throw new Error(`no answer in ${ms} ms`);
    return this.frames.shift() ?? null;
  }

  /** Sends a request and decodes the response, which must have no trailing bytes. */
  async ask(api: Api<any, any>, version: number, body: unknown, ms?: number): Promise<any> {
    this.send(encodeRequest(api, version, { correlationId: 7, clientId: 'wire' }, body as never));
    const frame = await this.frame(ms);
    if (frame === null) return null;
    const reader = new Reader(frame);
    const correlationId = reader.int32();
    const answer = decodeResponse(api, version, reader);
    if (correlationId !== 7 || reader.remaining > 0) throw new Error(`${reader.remaining} bytes left over`);
    return answer;
  }

  close(): void {
    this.socket.destroy();
  }
}
