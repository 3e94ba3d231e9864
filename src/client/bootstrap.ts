import { ConfigError } from './config.js';

/** A host and port to connect to. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const HOST_PORT = /^(?:[0-9a-zA-Z\-%._]*:\/\/)?\[?([0-9a-zA-Z\-%._:]*)\]?:([0-9]+)$/;

function parse(url: string, setting: string): Address {
  const [, host, port] = HOST_PORT.exec(url) ?? [];
  if (host === undefined || port === undefined) throw new ConfigError(`Invalid url in ${setting}: ${url}`);
  const number = Number(port);
  if (number > 65535) throw new ConfigError(`Invalid port in ${setting}: ${url}`);
  return { host: host || 'localhost', port: number };
}

/**
 * Reads a bootstrap list: "host:port", "[::1]:9092", "PLAINTEXT://host:port", comma-separated.
 * Throws ConfigError in the words of Java's ClientUtils.parseAndValidateAddresses.
 */
export function parseBootstrap(list: string, setting = 'bootstrap.servers'): Address[] {
  const addresses = list
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '')
    .map((url) => parse(url, setting));
  if (addresses.length === 0) throw new ConfigError(`No resolvable bootstrap urls given in ${setting}`);
  return addresses;
}
