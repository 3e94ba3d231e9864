/**
 * `listeners`, `advertised.listeners` and `listener.security.protocol.map`. Mirrors SocketServerConfigs and
 * AbstractKafkaConfig.
 */

import { ConfigError } from '../../java/config-def.js';
import type { BrokerConfig } from './broker-config.js';

export type SecurityProtocol = 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';

/** One listener of the broker. */
export interface Listener {
  /** in upper case: "PLAINTEXT" */
  readonly name: string;
  readonly securityProtocol: SecurityProtocol;
  /** addresses to bind; null is every interface. All but the first are optional, for machines without IPv6. */
  readonly hosts: readonly string[] | null;
  /** 0 picks a free port */
  readonly port: number;
  /** the address advertised to clients; port 0 stands for the bound port */
  readonly advertised: { readonly host: string; readonly port: number };
}

/** The parsed listener configs. */
export interface Listeners {
  readonly listeners: readonly Listener[];
  /** accepted but not opened: there is no other controller to connect to them */
  readonly controllerListeners: readonly string[];
}

const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;
const ENDPOINT = /^(.*):\/\/\[?([0-9a-zA-Z\-%._:]*)\]?:(-?[0-9]+)$/;
const LOOPBACK = ['127.0.0.1', '::1'];

interface Given {
  name: string;
  host: string;
  port: number;
}

function parseEndpoints(list: readonly string[], protocols: ReadonlyMap<string, SecurityProtocol>): Given[] {
  const fail = (why: string) => new ConfigError(`Error creating broker listeners from '[${list.join(', ')}]': ${why}`);
  const endpoints = list.map((entry) => {
    const [, name, host, port] = ENDPOINT.exec(entry) ?? [];
    if (name === undefined) throw fail(`Unable to parse ${entry} to a broker endpoint`);
    if (name.trim() === '') throw fail('The provided listener name is null or empty string');
    const upper = name.toUpperCase();
    if (!protocols.has(upper)) throw fail(`No security protocol defined for listener ${upper}`);
    return { name: upper, host: host as string, port: Number(port) };
  });
  if (new Set(endpoints.map((e) => e.name)).size !== endpoints.length) {
    throw fail(`Each listener must have a different name, listeners: [${list.join(', ')}]`);
  }
  return endpoints;
}

function checkPorts(endpoints: readonly Given[], list: readonly string[]): void {
  const taken = new Set<string>();
  for (const { host, port } of endpoints) {
    if (port < 0 || port > 65535) throw new ConfigError(`Invalid port ${port} in listeners: [${list.join(', ')}]`);
    // two listeners can share a port if one is IPv4 and the other IPv6
    const key = `${port}/${host.includes(':') ? 6 : 4}`;
    if (port !== 0 && taken.has(key)) {
      const why = `Each listener must have a different port, listeners: [${list.join(', ')}]`;
      throw new ConfigError(`Error creating broker listeners from '[${list.join(', ')}]': ${why}`);
    }
    taken.add(key);
  }
}

function protocolMap(config: BrokerConfig): Map<string, SecurityProtocol> {
  const name = 'listener.security.protocol.map';
  const map = new Map<string, SecurityProtocol>();
  for (const entry of String(config.setting(name)).split(',')) {
    if (entry.trim() === '') continue;
    const at = entry.lastIndexOf(':');
    const protocol = entry.slice(at + 1).trim();
    if (at < 0) throw new ConfigError(`Error parsing configuration property '${name}': no ':' in ${entry}`);
    if (!PROTOCOLS.includes(protocol.toUpperCase() as SecurityProtocol)) {
      throw new ConfigError(`Invalid security protocol \`${protocol}\` defined in ${name}`);
    }
    map.set(entry.slice(0, at).trim().toUpperCase(), protocol.toUpperCase() as SecurityProtocol);
  }
  if (!config.properties.has(name)) {
    for (const controller of config.list('controller.listener.names')) {
      if (!map.has(controller.toUpperCase())) map.set(controller.toUpperCase(), 'PLAINTEXT');
    }
  }
  return map;
}

function boundHosts(host: string): readonly string[] | null {
  if (host === '' || host === '0.0.0.0' || host === '::') return null;
  return host === 'localhost' ? LOOPBACK : [host];
}

/** Throws ConfigError, with Kafka's message where Kafka has one. */
export function parseListeners(config: BrokerConfig): Listeners {
  const protocols = protocolMap(config);
  const byDefault = !config.properties.has('listeners');
  const list = byDefault ? ['PLAINTEXT://localhost:9092'] : config.list('listeners');
  const all = parseEndpoints(list, protocols);
  checkPorts(all, list);
  const controllers = config.list('controller.listener.names').map((name) => name.toUpperCase());
  const own = all.filter((endpoint) => !controllers.includes(endpoint.name));
  if (own.length === 0) {
    throw new ConfigError(
      'There must be at least one broker advertised listener. Perhaps all listeners appear in controller.listener.names?',
    );
  }
  const advertised = advertisedEndpoints(config, protocols, own);
  return {
    listeners: own.map(({ name, host, port }) => ({
      name,
      securityProtocol: protocols.get(name) as SecurityProtocol,
      hosts: boundHosts(host),
      port,
      advertised: advertised.get(name) ?? { host: boundHosts(host) === null ? 'localhost' : host, port },
    })),
    controllerListeners: all.filter((e) => controllers.includes(e.name)).map((e) => e.name),
  };
}

function advertisedEndpoints(
  config: BrokerConfig,
  protocols: ReadonlyMap<string, SecurityProtocol>,
  own: readonly Given[],
): Map<string, { host: string; port: number }> {
  const controllers = config.list('controller.listener.names').map((name) => name.toUpperCase());
  const given = parseEndpoints(config.list('advertised.listeners'), protocols);
  const names = own.map((endpoint) => endpoint.name);
  const advertised = new Map<string, { host: string; port: number }>();
  for (const { name, host, port } of given) {
    if (controllers.includes(name)) continue;
    if (!names.includes(name)) {
      throw new ConfigError(
        'requirement failed: advertised.listeners listener names must be equal to or a subset of the ones defined in ' +
          `listeners. Found ${given.map((e) => e.name).join(',')}. ` +
          `The valid options based on the current configuration are ${names.join(',')}`,
      );
    }
    if (host === '0.0.0.0') {
      throw new ConfigError(
        'requirement failed: advertised.listeners cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address.',
      );
    }
    advertised.set(name, { host: host === '' ? 'localhost' : host, port });
  }
  return advertised;
}

const isLoopback = (host: string): boolean => host === '::1' || host.startsWith('127.');

/** Whether other machines can reach the listener. */
export const isPublic = (listener: Listener): boolean =>
  listener.hosts === null || !listener.hosts.every((host) => isLoopback(host));
