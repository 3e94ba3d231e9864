import type { UsageError } from '../../cli/errors.js';

const HOST_PORT = /^(?:[0-9a-zA-Z\-%._]*:\/\/)?\[?[0-9a-zA-Z\-%._:]*\]?:[0-9]+$/;

/** Validates a bootstrap list before connecting, as some tools do. Mirrors ToolsUtils.validateBootstrapServer. */
export function checkHostPorts(list: string, usage: (message: string) => UsageError): void {
  if (list.trim() === '') throw usage('Error while validating the bootstrap address\n');
  const parts = list.split(',').filter((part, i, all) => part !== '' || i < all.length - 1);
  if (parts.length === 0 || !parts.every((part) => HOST_PORT.test(part)))
    throw usage('Please provide valid host:port like host1:9091,host2:9092\n');
}
