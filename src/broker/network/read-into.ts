/**
 * Reads sockets into preallocated memory (`onread`), which Node offers for outgoing connections only: the handle of an
 * accepted socket is therefore moved to a new Socket. Saves an allocation, a copy and an event per 64 KiB. If Node's
 * internals no longer match, sockets are left as they are and deliver `data` events.
 */
import { type Server, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

interface Handle {
  useUserBuffer?(buffer: Uint8Array): void;
}
interface Accepted {
  _handle: Handle | null;
  _server: Server | null;
  server: Server | null;
}

/**
 * Whether `readInto` can take over this socket, which must have been accepted paused. Not on Windows, which reads ahead
 * of the event, so a buffer cannot be shared; nor for TLS, which decrypts into its own buffers.
 */
export const canReadInto = (socket: Socket): boolean =>
  process.platform !== 'win32' &&
  !(socket instanceof TLSSocket) &&
  typeof (socket as unknown as Accepted)._handle?.useUserBuffer === 'function';

/**
 * Returns a socket that replaces `socket`. `onBytes` gets the number of bytes read into `room()`'s buffer; returning
 * false stops reading.
 */
export function readInto(
  socket: Socket,
  room: () => Buffer,
  onBytes: (bytes: number, buffer: Buffer) => boolean,
): Socket {
  const accepted = socket as unknown as Accepted;
  const options = {
    handle: accepted._handle,
    allowHalfOpen: true,
    onread: { buffer: room, callback: onBytes as (bytes: number, buffer: Uint8Array) => boolean },
  };
  const taken = new Socket(options as ConstructorParameters<typeof Socket>[0]);
  // the server counts its connections through these
  const replacement = taken as unknown as Accepted;
  replacement._server = accepted._server;
  replacement.server = accepted.server;
  accepted._server = null;
  accepted._handle = null;
  return taken;
}
