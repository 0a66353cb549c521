type Address = { bits: 32 | 128; groups: number[] };

/** The key of an address for rate limits: the IPv4 address, or the IPv6 /64, which is what one customer gets. */
export const limitKeyOf = (text: string): string => networkOf(text, 4) ?? text;

/** An address as logged. It identifies a network but not a person: /24, or /48 of IPv6. */
export const loggedNetworkOf = (text: string): string | undefined => networkOf(text, 3);

/** The network of the first groups; IPv4 has four groups of 8 bits, IPv6 eight of 16. */
function networkOf(text: string, count: 3 | 4): string | undefined {
  const address = parse(text);
  if (!address) return undefined;
  const { bits, groups } = address;
  const first = groups.slice(0, count);
  if (bits === 32) return count === 4 ? first.join('.') : `${first.join('.')}.0/24`;
  return `${first.map((group) => group.toString(16)).join(':')}::/${16 * count}`;
}

const dotted = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** Accepts the formats of sockets and proxies: some proxies add a port, some systems a zone. */
function parse(text: string): Address | undefined {
  const bare = text
    .replace(/^\[(.*)\](?::\d+)?$/, '$1')
    .replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1')
    .replace(/%.*$/, '');
  const v4 = dotted.exec(bare)?.slice(1).map(Number);
  if (v4) return v4.every((part) => part < 256) ? { bits: 32, groups: v4 } : undefined;

  const [front = '', back, ...more] = bare.split('::');
  const [head, tail] = [hextets(front), hextets(back ?? '')];
  const missing = 8 - head.length - tail.length;
  if (more.length > 0 || (back === undefined ? missing !== 0 : missing < 1)) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  if (!groups.every((group) => group >= 0 && group <= 0xffff)) return undefined;
  // An IPv4-mapped IPv6 address (::ffff:10.1.2.3) counts as that IPv4 address.
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  return isMapped
    ? { bits: 32, groups: [high >> 8, high & 255, low >> 8, low & 255] }
    : { bits: 128, groups };
}

function hextets(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((each) => {
    const [, a = 0, b = 0, c = 0, d = 0] = dotted.exec(each)?.map(Number) ?? [];
    if (each.includes('.')) return [a * 256 + b, c * 256 + d];
    return /^[\da-f]{1,4}$/i.test(each) ? Number.parseInt(each, 16) : -1;
  });
}
