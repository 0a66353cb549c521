import { expect, test } from 'vitest';
import { networkOf } from './throttle-sign-in.ts';

test.each([
  ['10.1.2.3', '10.1.2.3'],
  ['::ffff:10.1.2.3', '10.1.2.3'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:DB8:1:2::6', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0'],
  ['', '0:0:0:0'],
])('ID7 %j counts as %j', (ip, network) => {
  expect(networkOf(ip)).toBe(network);
});
