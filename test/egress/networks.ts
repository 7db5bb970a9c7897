import { BlockList, SocketAddress } from 'node:net';

/**
 * Networks that are no destination for a customer's request: IANA's two registries of special-purpose addresses, the
 * multicast and reserved blocks, and those that clouds serve metadata from. Written by hand, and checked by Node's
 * BlockList, so that nothing here is shared with the policy that it judges.
 */
const REFUSED: readonly (readonly [network: string, bits: number, first: string, last: string])[] = [
  ['0.0.0.0', 8, '0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', 8, '10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', 10, '100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', 8, '127.0.0.0', '127.255.255.255'],
  ['168.63.129.16', 32, '168.63.129.16', '168.63.129.16'],
  ['169.254.0.0', 16, '169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', 12, '172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', 24, '192.0.0.0', '192.0.0.255'],
  ['192.0.2.0', 24, '192.0.2.0', '192.0.2.255'],
  ['192.31.196.0', 24, '192.31.196.0', '192.31.196.255'],
  ['192.52.193.0', 24, '192.52.193.0', '192.52.193.255'],
  ['192.88.99.0', 24, '192.88.99.0', '192.88.99.255'],
  ['192.168.0.0', 16, '192.168.0.0', '192.168.255.255'],
  ['192.175.48.0', 24, '192.175.48.0', '192.175.48.255'],
  ['198.18.0.0', 15, '198.18.0.0', '198.19.255.255'],
  ['198.51.100.0', 24, '198.51.100.0', '198.51.100.255'],
  ['203.0.113.0', 24, '203.0.113.0', '203.0.113.255'],
  ['224.0.0.0', 4, '224.0.0.0', '239.255.255.255'],
  ['240.0.0.0', 4, '240.0.0.0', '255.255.255.255'],
  ['::', 8, '::', 'ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['100::', 8, '100::', '1ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['200::', 7, '200::', '3ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['400::', 6, '400::', '7ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['800::', 5, '800::', 'fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['1000::', 4, '1000::', '1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2001::', 23, '2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2001:db8::', 32, '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2002::', 16, '2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2620:4f:8000::', 48, '2620:4f:8000::', '2620:4f:8000:ffff:ffff:ffff:ffff:ffff'],
  ['3ffe::', 16, '3ffe::', '3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['3fff::', 20, '3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['4000::', 2, '4000::', '7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['8000::', 1, '8000::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['5f00::', 16, '5f00::', '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['fc00::', 7, 'fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['fd00:ec2::254', 128, 'fd00:ec2::254', 'fd00:ec2::254'],
  ['fe80::', 10, 'fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['fec0::', 10, 'fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['ff00::', 8, 'ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
];

/** Public, and next to one of those, or well known. */
export const PUBLIC_ADDRESSES: readonly string[] = `
  1.0.0.0 1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 93.184.216.34
  100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 168.63.129.15 168.63.129.17
  169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0
  192.0.3.0 192.31.195.255 192.31.197.0 192.52.192.255 192.52.194.0 192.88.98.255
  192.88.100.0 192.167.255.255 192.169.0.0 192.175.47.255 192.175.49.0 198.17.255.255
  198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 223.255.255.255
  2001:200::1 2001:db7:ffff::1 2001:db9::1 2003::1 2400:cb00::1 2606:4700:4700::1111
  2620:4f:7fff::1 2620:4f:8001::1 2a00:1450:4001:81b::200e 2a05:d018::1 3ffd::1 2000::1
  64:ff9b::8.8.8.8 64:ff9b::5db8:d822
`
  .trim()
  .split(/\s+/);

/** A list a family: Node compares an IPv4 address with the first bytes of an IPv6 network. */
const refused = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const [network, bits] of REFUSED) {
  const family = network.includes(':') ? 'ipv6' : 'ipv4';
  refused[family].addSubnet(network, bits, family);
}

const NAT64 = new BlockList();
NAT64.addSubnet('64:ff9b::', 96, 'ipv6');

/** The judge: may a request go to this address, in its usual form? */
export function isPublicBy(address: string): boolean {
  if (!address.includes(':')) return !refused.ipv4.check(address, 'ipv4');
  if (!NAT64.check(address, 'ipv6')) return !refused.ipv6.check(address, 'ipv6');
  // The last 32 bits, from the shortest form, which a socket address has.
  const groups = new SocketAddress({ address, family: 'ipv6' }).address.replace(/^64:ff9b::/, '').split(':');
  const numbers = groups.map((group) => Number.parseInt(group || '0', 16));
  const [high = 0, low = 0] = numbers.length > 1 ? numbers.slice(-2) : [0, ...numbers];
  return !refused.ipv4.check(`${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`, 'ipv4');
}

/** The first and last address of each network, and what wraps those of IPv4 in IPv6. */
export const PRIVATE_ADDRESSES: readonly string[] = REFUSED.flatMap(([, , first, last]) => [first, last]).flatMap(
  (address) => (address.includes(':') ? [address] : [address, ...wrapped(address)]),
);

function wrapped(address: string): string[] {
  const hex = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  const tail = `${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`;
  return [`::ffff:${address}`, `::${tail}`, `64:ff9b::${address}`, `64:ff9b:1::${tail}`, `2002:${tail}::1`];
}

/** Other ways to write an IPv4 address that a URL parser reads as one. */
export function spellings(address: string): string[] {
  const parts = address.split('.').map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = parts;
  const number = ((a * 256 + b) * 256 + c) * 256 + d;
  const wide = [...address].map((char) => (char === '.' ? '。' : String.fromCodePoint(0xff10 + Number(char)))).join('');
  return [
    String(number),
    `0x${number.toString(16)}`,
    `0${number.toString(8)}`,
    parts.map((part) => `0x${part.toString(16)}`).join('.'),
    parts.map((part) => `0${part.toString(8)}`).join('.'),
    `${a}.${(b * 256 + c) * 256 + d}`,
    `${a}.${b}.${c * 256 + d}`,
    `${address}.`,
    [...address].map((char) => `%${char.codePointAt(0)?.toString(16)}`).join(''),
    wide,
  ];
}
