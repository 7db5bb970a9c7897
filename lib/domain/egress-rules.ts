// What an operator may add to the address and URL policies: lists of networks, ports and host names.

import { isIP } from 'node:net';

import ipaddr from 'ipaddr.js';

/** An operator's lists, as they are written. Those that are absent change nothing. */
export interface EgressRules {
  /** Networks that no request goes to, beside those that are not public: `203.0.113.0/24`, `2001:db8::/32`. */
  refusedCidrs?: readonly string[];
  /** Networks that requests may go to although they are not public. */
  allowedCidrs?: readonly string[];
  /** `443`, `8000-8999`: the only ports. Default: 80, 443 and 1024 to 65535. */
  allowedPorts?: readonly string[];
  /** Names that no request goes to, with the names below them: `example.com`. */
  refusedHosts?: readonly string[];
  /** The only names, with those below them. They may be private names. An address is then refused. */
  allowedHosts?: readonly string[];
}

/** Plain data, so that a copy of it in another thread is as good: the network is its four or sixteen bytes. */
export type AddressRange = readonly [network: readonly number[], prefixLength: number];
export type PortRange = readonly [first: number, last: number];

/** {@link EgressRules}, ready for use. */
export interface EgressLists {
  refusedRanges?: readonly AddressRange[];
  allowedRanges?: readonly AddressRange[];
  ports?: readonly PortRange[];
  refusedHosts?: readonly string[];
  allowedHosts?: readonly string[];
}

/**
 * Networks that no list can open: the machine itself, the metadata of an instance, a task or a cloud's host, and what is
 * no destination at all.
 */
const NEVER = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '224.0.0.0/3',
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2001::/32',
  '2002::/16',
  'fd00:ec2::/32',
  'fe80::/10',
  'ff00::/8',
].map((text) => parseCidr(text) as AddressRange);

const LAST_PORT = 65_535;

/** @throws RangeError with a sentence that says which entry is wrong, and how to write it */
export function readEgressRules(rules: EgressRules): EgressLists {
  const allowedRanges = rules.allowedCidrs?.map(readAllowedCidr);
  return {
    ...(rules.refusedCidrs && { refusedRanges: rules.refusedCidrs.map(readCidr) }),
    ...(allowedRanges && { allowedRanges }),
    ...(rules.allowedPorts && { ports: atLeastOne(rules.allowedPorts, 'allowedPorts').map(readPorts) }),
    ...(rules.refusedHosts && { refusedHosts: rules.refusedHosts.map(readHost) }),
    ...(rules.allowedHosts && { allowedHosts: atLeastOne(rules.allowedHosts, 'allowedHosts').map(readHost) }),
  };
}

/** @returns a sentence for each list that lets requests go where they could not go without it */
export function loosenings({ allowedCidrs = [], allowedPorts = [], allowedHosts = [] }: EgressRules): string[] {
  const low = allowedPorts.filter((text) => readPorts(text)[0] < 1024 && !['80', '443'].includes(text));
  const isPrivate = (host: string) => !host.includes('.') || /(^|\.)(internal|local)$/.test(host);
  return [
    ...allowedCidrs.map((cidr) => `Customers' URLs may now reach ${cidr}, public or not.`),
    ...low.map((port) => `Customers' URLs may now name port ${port}, where other services than web servers listen.`),
    ...allowedHosts.filter(isPrivate).map((host) => `Customers' URLs may now name ${host}, a private name.`),
  ];
}

export function isInRange(address: ipaddr.IPv4 | ipaddr.IPv6, ranges: readonly AddressRange[] = []): boolean {
  const { length } = address.toByteArray();
  return ranges.some(
    ([network, prefixLength]) => network.length === length && address.match([addressOf(network), prefixLength]),
  );
}

/** Is it one of these names, or below one? */
export function isBelow(host: string, names: readonly string[] = []): boolean {
  return names.some((name) => host === name || host.endsWith(`.${name}`));
}

function readCidr(text: string): AddressRange {
  const range = parseCidr(text);
  if (range) return range;
  throw new RangeError(`${JSON.stringify(text)} is not a network: write it like 203.0.113.0/24 or 2001:db8::/32.`);
}

function readAllowedCidr(text: string): AddressRange {
  const range = readCidr(text);
  const closed = NEVER.find((other) => overlaps(range, other));
  if (!closed) return range;
  throw new RangeError(
    `${text} can't be allowed: it overlaps ${addressOf(closed[0]).toString()}/${closed[1]}, which never is.`,
  );
}

/**
 * Undefined for what is no network, and for one whose address has bits beyond its prefix, which is probably a typing
 * error.
 */
function parseCidr(text: string): AddressRange | undefined {
  const [address = '', prefix = '', ...rest] = text.split('/');
  if (rest.length > 0 || isIP(address) === 0 || address.includes('%') || !/^\d{1,3}$/.test(prefix)) return undefined;
  const bits = isIP(address) === 4 ? 32 : 128;
  if (Number(prefix) > bits) return undefined;
  const bytes = ipaddr.parse(address).toByteArray();
  const beyond = bytes.some(
    (byte, index) => (byte & (0xff >> Math.min(Math.max(Number(prefix) - index * 8, 0), 8))) !== 0,
  );
  return beyond ? undefined : [bytes, Number(prefix)];
}

function overlaps(one: AddressRange, other: AddressRange): boolean {
  return isInRange(addressOf(one[0]), [other]) || isInRange(addressOf(other[0]), [one]);
}

function addressOf(bytes: readonly number[]): ipaddr.IPv4 | ipaddr.IPv6 {
  return ipaddr.fromByteArray([...bytes]);
}

function readPorts(text: string): PortRange {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  const range = [Number(first), Number(last)] as const;
  if (range[0] >= 1 && range[0] <= range[1] && range[1] <= LAST_PORT) return range;
  throw new RangeError(`${JSON.stringify(text)} is not a port: write one like 443, or a range like 8000-8999.`);
}

function readHost(text: string): string {
  const name = URL.parse(`https://${text}/`)?.hostname;
  if (name && /^[^\s/:@?#%*[\]]+$/.test(text) && isIP(name) === 0 && !/^\.|\.$/.test(name)) return name;
  throw new RangeError(
    `${JSON.stringify(text)} is not a host name: write it like example.com, which includes what is below.`,
  );
}

/** An empty list would refuse everything, which is a brake's work. */
function atLeastOne(list: readonly string[], name: string): readonly string[] {
  if (list.length > 0) return list;
  throw new RangeError(`\`${name}\` is empty, so nothing could be sent: leave it out, or name what is allowed.`);
}
