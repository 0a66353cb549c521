/**
 * Switches that open the program or its page to somebody else (a debugger, other code, a record of what it sends)
 * or take away that a server must prove who it is. Fuses of the packaging close what runs before this program.
 */
const forbidden = [
  'remote-debugging-',
  'remote-allow-origins',
  'inspect',
  'js-flags',
  'load-extension',
  'renderer-cmd-prefix',
  'utility-cmd-prefix',
  'gpu-launcher',
  'log-net-log',
  'ssl-key-log-file',
  'ignore-certificate-errors',
  'allow-insecure-localhost',
  'unsafely-treat-insecure-origin-as-secure',
  'disable-web-security',
  'host-rules',
  'host-resolver-rules',
];
const pattern = new RegExp(`^(?:--?|/)(?:${forbidden.join('|')})`, 'i');

/** The first switch with which a program in use must not start. Its value is left out: it may be anything. */
export const forbiddenSwitch = (given: readonly string[]): string | undefined =>
  given.find((each) => pattern.test(each))?.split('=')[0];
