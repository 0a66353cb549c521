import { expect, test } from 'vitest';
import { networkOf } from './network-of.ts';

test.each([
  ['10.1.2.3', '10.1.2.0/24'],
  ['::ffff:10.1.2.3', '10.1.2.0/24'],
  ['2001:db8:77:1::9', '2001:db8:77::/48'],
  ['2001:db8::9', '2001:db8:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0::/48'],
  ['::1', '0:0:0::/48'],
  ['', undefined],
])('AU12 of the address %s the log has %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
