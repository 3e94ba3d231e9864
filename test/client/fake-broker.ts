/** A fake broker over real sockets, with responses scripted by the test and encoded with our protocol table. */
import net from 'node:net';
import * as apis from '../../src/protocol/apis/index.js';
import { Reader } from '../../src/protocol/wire/buffer.js';
import { decodeRequestBody, decodeRequestHeader, encodeResponse } from '../../src/protocol/wire/frame.js';
import { FrameBuffer } from '../../src/protocol/wire/frame-buffer.js';
import type { Api } from '../../src/protocol/wire/schema.js';

export interface Call {
  readonly api: Api;
  readonly version: number;
  readonly body: any;
  readonly socket: net.Socket;
}

/** A scripted response: its value; undefined closes the connection; SILENCE never answers. */
export type Answer = (call: Call) => object | undefined | Promise<object | undefined>;
export const SILENCE = { silence: true };

export interface FakeBroker {
  readonly port: number;
  /** requests in order of arrival, as "Metadata v12" */
  readonly seen: string[];
  /** number of connections accepted */
  connections: number;
  readonly sockets: Set<net.Socket>;
  close(): Promise<void>;
}

const byKey = new Map((Object.values(apis) as Api[]).filter((api) => 'request' in api).map((api) => [api.key, api]));

interface Options {
  readonly port?: number;
  readonly host?: string;
  /** per API name; Metadata and ApiVersions have defaults */
  readonly answers?: Readonly<Record<string, Answer>>;
  /** highest version of an API; default: the table's */
  readonly ceilings?: Readonly<Record<string, number>>;
  /** maximum bytes per write, to split responses anywhere */
  readonly pieces?: number;
}

export async function fakeBroker(options: Options = {}): Promise<FakeBroker> {
  const seen: string[] = [];
  const sockets = new Set<net.Socket>();
  const broker = { port: 0, seen, sockets, connections: 0 } as { -readonly [K in keyof FakeBroker]: FakeBroker[K] };
  const ceiling = (api: Api) => options.ceilings?.[api.name] ?? api.versions[1];
  const defaults: Record<string, Answer> = {
    ApiVersions: () => ({
      errorCode: 0,
      apiKeys: [...byKey.values()].map((api) => ({
        apiKey: api.key,
        minVersion: api.versions[0],
        maxVersion: ceiling(api),
      })),
    }),
    Metadata: () => ({
      brokers: [{ nodeId: 1, host: options.host ?? 'localhost', port: broker.port, rack: null }],
      clusterId: 'c',
      controllerId: 1,
      topics: [],
    }),
    FindCoordinator: ({ body }) => ({
      coordinators: (body.coordinatorKeys as string[]).map((key) => ({
        key,
        nodeId: 1,
        host: options.host ?? 'localhost',
        port: broker.port,
        errorCode: 0,
        errorMessage: null,
      })),
    }),
  };
  const answers = { ...defaults, ...options.answers };

  async function serve(frame: Buffer, socket: net.Socket): Promise<void> {
    const reader = new Reader(frame);
    const header = decodeRequestHeader(reader);
    const api = byKey.get(header.apiKey) as Api;
    seen.push(`${api.name} v${header.apiVersion}`);
    const tooNew = header.apiVersion > ceiling(api);
    if (tooNew && api.name === 'ApiVersions') {
      const apiKeys = [{ apiKey: 18, minVersion: 0, maxVersion: ceiling(api) }];
      return write(socket, encodeResponse(api, 0, header.correlationId, { errorCode: 35, apiKeys } as never));
    }
    const body = decodeRequestBody(api, header.apiVersion, reader);
    const answer = await answers[api.name]?.({ api, version: header.apiVersion, body, socket });
    if (answer === SILENCE) return;
    if (answer === undefined) return void socket.destroy();
    write(socket, encodeResponse(api, header.apiVersion, header.correlationId, answer as never));
  }

  function write(socket: net.Socket, chunks: readonly Buffer[]): void {
    const bytes = Buffer.concat(chunks);
    const size = options.pieces ?? bytes.length;
    for (let at = 0; at < bytes.length; at += size) socket.write(bytes.subarray(at, at + size));
  }

  const server = net.createServer((socket) => {
    broker.connections++;
    sockets.add(socket.setNoDelay(true));
    const frames = new FrameBuffer(1 << 28);
    let queue = Promise.resolve();
    socket.on('data', (chunk) => {
      frames.push(chunk, (frame) => {
        const copy = Buffer.from(frame);
        queue = queue.then(() => serve(copy, socket));
      });
    });
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, options.host ?? 'localhost', resolve));
  broker.port = (server.address() as net.AddressInfo).port;
  broker.close = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return broker;
}
