import { isIPv4, isIPv6 } from 'node:net';

/** Enough of an address to tell networks apart, too little to find a person: /24, or /48 of IPv6. */
export function networkOf(address: string): string | undefined {
  const mapped = address.replace(/^::ffff:(?=\d+\.)/, '');
  if (isIPv4(mapped)) return `${mapped.slice(0, mapped.lastIndexOf('.'))}.0/24`;
  if (!isIPv6(address)) return undefined;
  const [front = '', back = ''] = address.replace(/%.*$/, '').split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const [head, tail] = [groups(front), groups(back)];
  const all = [...head, ...Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0'), ...tail];
  return `${all
    .slice(0, 3)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/48`;
}
