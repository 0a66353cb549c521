import { expect, test } from 'vitest';
import { limitKeyOf, loggedNetworkOf } from './address.ts';

test.each([
  ['10.1.2.3', '10.1.2.3', '10.1.2.0/24'],
  ['10.1.2.3:50123', '10.1.2.3', '10.1.2.0/24'],
  ['::ffff:10.1.2.3', '10.1.2.3', '10.1.2.0/24'],
  ['::FFFF:0a01:0203', '10.1.2.3', '10.1.2.0/24'],
  ['2001:db8:77:2:3:4:5:6', '2001:db8:77:2::/64', '2001:db8:77::/48'],
  ['2001:DB8:77:0002::6', '2001:db8:77:2::/64', '2001:db8:77::/48'],
  ['[2001:db8:77:2::6]:443', '2001:db8:77:2::/64', '2001:db8:77::/48'],
  ['2001:db8::9', '2001:db8:0:0::/64', '2001:db8:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64', 'fe80:0:0::/48'],
  ['::1', '0:0:0:0::/64', '0:0:0::/48'],
  ['', '', undefined],
  ['unknown', 'unknown', undefined],
  ['300.1.2.3', '300.1.2.3', undefined],
  ['1:2:3', '1:2:3', undefined],
  ['1::2::3', '1::2::3', undefined],
  ['1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7:8:9', undefined],
  ['2001:db8:1:2:g::', '2001:db8:1:2:g::', undefined],
])('LI9 AU12 the address %j counts as %j, and is %j in the log', (address, counted, logged) => {
  expect(limitKeyOf(address)).toBe(counted);
  expect(loggedNetworkOf(address)).toBe(logged);
});
