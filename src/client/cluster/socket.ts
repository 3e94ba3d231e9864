import net from 'node:net';
import tls, { type ConnectionOptions as TlsOptions } from 'node:tls';

/** Windows reads ahead of the event, so a buffer cannot be shared there. */
const READS_INTO = process.platform !== 'win32';

export interface SocketOptions {
  readonly host: string;
  readonly port: number;
  readonly ssl: TlsOptions | null;
  onConnect(): void;
}

/**
 * Connects to a broker. net.connect tries every address of a name at once, so that none delays the others.
 * `onread`, for plain sockets: memory of the caller's that is read into.
 */
export function openSocket({ host, port, ssl, onConnect }: SocketOptions, onread?: net.OnReadOpts): net.Socket {
  const address = { host, port, autoSelectFamily: true };
  const socket = ssl
    ? tls.connect({ ...address, ...(net.isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
    : net.connect({ ...address, noDelay: true, ...(READS_INTO && onread && { onread }) }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 60_000);
  return socket;
}
