import { expect, test } from 'vitest';
import { forbiddenSwitch } from './forbidden-switch.ts';

test.each([
  ['--remote-debugging-port=9222', '--remote-debugging-port'],
  ['--remote-debugging-pipe', '--remote-debugging-pipe'],
  ['-remote-debugging-port=0', '-remote-debugging-port'],
  ['/remote-debugging-port=0', '/remote-debugging-port'],
  ['--Remote-Debugging-Port=0', '--Remote-Debugging-Port'],
  ['--inspect', '--inspect'],
  ['--inspect-brk=127.0.0.1:1', '--inspect-brk'],
  ['--js-flags=--expose-gc', '--js-flags'],
  ['--log-net-log=/tmp/log', '--log-net-log'],
  ['--ignore-certificate-errors-spki-list=x', '--ignore-certificate-errors-spki-list'],
])('DT15 %s is refused', (argument, named) => {
  expect(forbiddenSwitch(['slate', argument])).toBe(named);
});

test.each([
  'slate://case/0197a6b2-5a3c-7c0e-9f41-2b7d6e8c1a55',
  '--user-data-dir=/tmp/inspect',
  '--no-sandbox',
  '--proxy-server=proxy:8080',
  '--lang=en',
  '/usr/bin/slate',
])('DT15 %s is allowed', (argument) => {
  expect(forbiddenSwitch([argument])).toBeUndefined();
});
