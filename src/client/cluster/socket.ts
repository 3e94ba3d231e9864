import net from 'node:net';
import tls, { type ConnectionOptions as TlsOptions } from 'node:tls';

/** Not on Windows, where a read can start before the event for the previous one, so a shared buffer is unsafe. */
const SUPPORTS_ONREAD = process.platform !== 'win32';

export interface SocketOptions {
  readonly host: string;
  readonly port: number;
  readonly ssl: TlsOptions | null;
  onConnect(): void;
}

/**
 * Connects to a broker. autoSelectFamily tries the addresses of a name in parallel, so that none delays the others.
 * `onread`: the caller's read buffer, for plaintext sockets.
 */
export function openSocket({ host, port, ssl, onConnect }: SocketOptions, onread?: net.OnReadOpts): net.Socket {
  const address = { host, port, autoSelectFamily: true };
  const socket = ssl
    ? tls.connect({ ...address, ...(net.isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
    : net.connect({ ...address, noDelay: true, ...(SUPPORTS_ONREAD && onread && { onread }) }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 60_000);
  return socket;
}
