/** A peer's address as Java prints it, which is the form used in ACLs and for the hosts of group members. */
import { networkInterfaces } from 'node:os';

/** The interface index, which Java appends to a link-local address; the name on systems without indexes. */
function scopeOf(name: string): string {
  const addresses = networkInterfaces()[name] ?? [];
  const found = addresses.find((one) => one.family === 'IPv6' && one.scopeid > 0);
  return found?.family === 'IPv6' ? String(found.scopeid) : name;
}

/** The eight groups of an IPv6 address; undefined if it is not one. */
function groupsOf(address: string): number[] | undefined {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const [, front, a, b, c, d] = dotted ?? [];
  const hex = (high: string | undefined, low: string | undefined) => (Number(high) * 256 + Number(low)).toString(16);
  const halves = (dotted ? `${front}${hex(a, b)}:${hex(c, d)}` : address).split('::');
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) return undefined;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail];
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : undefined;
}

/**
 * `0:0:0:0:0:0:0:1` for `::1`, `127.0.0.1` for `::ffff:127.0.0.1`, `fe80:0:0:0:0:0:0:1%2` for `fe80::1%eth0`. Mirrors
 * InetAddress.getHostAddress.
 */
export function hostAddress(remote: string, scope = scopeOf): string {
  const [address = '', zone] = remote.split('%');
  const groups = address.includes(':') ? groupsOf(address) : undefined;
  if (!groups) return remote;
  const [high, low] = groups.slice(6) as [number, number];
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  const long = groups.map((group) => group.toString(16)).join(':');
  return zone === undefined ? long : `${long}%${/^\d+$/.test(zone) ? zone : scope(zone)}`;
}
