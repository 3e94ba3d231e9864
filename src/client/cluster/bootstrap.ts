import { lookup } from 'node:dns/promises';
import { ConfigError } from '../../java/config-def.js';
import { ClientCreationError } from '../../kafka/client-settings.js';

/** A host and port to connect to. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const HOST_PORT = /^(?:[0-9a-zA-Z\-%._]*:\/\/)?\[?([0-9a-zA-Z\-%._:]*)\]?:([0-9]+)$/;

function parse(url: string, setting: string): Address {
  const [, host, port] = HOST_PORT.exec(url) ?? [];
  if (host === undefined || port === undefined) throw new ClientCreationError(`Invalid url in ${setting}: ${url}`);
  const number = Number(port);
  if (number > 65535) throw new ClientCreationError(`Invalid port in ${setting}: ${url}`);
  return { host: host || 'localhost', port: number };
}

/**
 * Reads a bootstrap list: "host:port", "[::1]:9092", "PLAINTEXT://host:port", comma-separated.
 * Throws ConfigError with the messages of Java's ClientUtils.parseAndValidateAddresses.
 */
export function parseBootstrap(list: string, setting = 'bootstrap.servers'): Address[] {
  const urls = list.split(',').map((url) => url.trim());
  if (urls.length > 1 && urls.includes('')) {
    throw new ConfigError(`Configuration '${setting}' values must not be empty.`);
  }
  const addresses = urls.filter((url) => url !== '').map((url) => parse(url, setting));
  if (list === '') throw new ClientCreationError('You must set either bootstrap.servers or bootstrap.controllers');
  if (addresses.length === 0) throw new ClientCreationError(`No resolvable bootstrap urls given in ${setting}`);
  return addresses;
}

/** Throws when no host of the list resolves, as Java does when it creates a client. */
export async function checkResolvable(list: string): Promise<void> {
  const found = await Promise.allSettled(parseBootstrap(list).map(({ host }) => lookup(host)));
  if (found.some(({ status }) => status === 'fulfilled')) return;
  throw new ClientCreationError('No resolvable bootstrap urls given in bootstrap.servers');
}
