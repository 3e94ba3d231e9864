/** The endpoints of a controller. */
import { CommandError } from '../../cli/errors.js';
import type { RaftEndpoint } from '../../client/admin/quorum.js';
import type { Properties } from '../../java/properties.js';

/** "CONTROLLER://localhost:9093"; IPv6 addresses in brackets. */
export const endpointText = ({ name, host, port }: RaftEndpoint): string =>
  `${name}://${host.includes(':') ? `[${host}]` : host}:${port}`;

const ENDPOINT = /^(.*):\/\/\[?([0-9a-zA-Z\-%._:]*)\]?:(-?[0-9]+)$/;

function parse(list: string): Map<string, RaftEndpoint> {
  const entries = list.split(',').map((entry) => entry.trim());
  const found = entries.flatMap((entry): RaftEndpoint[] => {
    if (entry === '') return [];
    const [, name, host, port] = ENDPOINT.exec(entry) ?? [];
    if (name === undefined) throw new CommandError(`Unable to parse ${entry} to a broker endpoint`);
    return [{ name: name.toUpperCase(), host: host || 'localhost', port: Number(port) }];
  });
  return new Map(found.map((endpoint) => [endpoint.name, endpoint]));
}

/** The controller's endpoints: advertised.listeners take precedence over listeners. Throws CommandError if the file has none. */
export function controllerEndpoints(properties: Properties): RaftEndpoint[] {
  const all = new Map([
    ...parse(properties.get('listeners') ?? ''),
    ...parse(properties.get('advertised.listeners') ?? ''),
  ]);
  const names = properties.get('controller.listener.names');
  if (names === undefined) {
    throw new CommandError('controller.listener.names was not found. Is this a valid controller configuration file?');
  }
  return names.split(',').map((text) => {
    const name = text.trim().toUpperCase();
    const endpoint = all.get(name);
    if (!endpoint) throw new CommandError(`Cannot find information about controller listener name: ${name}`);
    return endpoint;
  });
}
