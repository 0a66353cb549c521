/**
 * Switches that expose the program (debuggers, foreign code, recorded traffic) or disable the check of a server's
 * identity. Switches that Electron handles before our code runs are disabled by fuses when packaging.
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

/** Returns the first forbidden switch, without its value. */
export const forbiddenSwitch = (args: readonly string[]): string | undefined =>
  args.find((each) => pattern.test(each))?.split('=')[0];
