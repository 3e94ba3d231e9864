/** Addresses in the format of InetAddress.getHostAddress. */
import { expect, test } from 'vitest';
import { hostAddress } from '../../../src/broker/security/host-address.js';

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::1', '0:0:0:0:0:0:0:1'],
  ['::', '0:0:0:0:0:0:0:0'],
  ['::ffff:127.0.0.1', '127.0.0.1'],
  ['::ffff:7f00:1', '127.0.0.1'],
  ['::127.0.0.1', '0:0:0:0:0:0:7f00:1'],
  ['2001:db8::8a2e:370:7334', '2001:db8:0:0:0:8a2e:370:7334'],
  ['2001:0DB8:0:0:0:0:0:1', '2001:db8:0:0:0:0:0:1'],
  ['fe80::1%eth7', 'fe80:0:0:0:0:0:0:1%7'],
  ['fe80::1%3', 'fe80:0:0:0:0:0:0:1%3'],
  ['localhost', 'localhost'],
  ['', ''],
])('%s is %s', (remote, printed) => expect(hostAddress(remote, () => '7')).toBe(printed));
