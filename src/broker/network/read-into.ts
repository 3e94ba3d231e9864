/**
 * Sockets that read into memory we name (`onread`), which Node offers for outgoing connections only: an accepted one's
 * handle is given to a new Socket. Saves an allocation, a copy and an event for every 64 KiB. Where the handle is not
 * what it was when this was written, sockets stay as they are, and `data` events do.
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
 * Whether `readInto` can take over this socket. It must have been accepted paused. Windows reads ahead of the event, so
 * a buffer cannot be shared there; TLS decrypts into its own.
 */
export const canReadInto = (socket: Socket): boolean =>
  process.platform !== 'win32' &&
  !(socket instanceof TLSSocket) &&
  typeof (socket as unknown as Accepted)._handle?.useUserBuffer === 'function';

/** A socket in place of `socket`. `onBytes` is told how many bytes came to `room()`'s buffer; false stops reading. */
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
  // the server counts its connections by these
  const heir = taken as unknown as Accepted;
  heir._server = accepted._server;
  heir.server = accepted.server;
  accepted._server = null;
  accepted._handle = null;
  return taken;
}
