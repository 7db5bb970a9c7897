// Which IP addresses a request to a customer may connect to: no private, local or other special ones.

import ipaddr from 'ipaddr.js';

import { type AddressRange, type EgressLists, isInRange } from './egress-rules.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** IANA assigns global unicast IPv6 addresses from this block alone (RFC 4291, 2.4). */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');
/** NAT64's well-known prefix: a request reaches the IPv4 address in the last 32 bits (RFC 6052, 2.1). */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/**
 * Special, though they look like others: the host of an Azure machine, which serves it metadata; IETF protocol
 * assignments (RFC 2928); and the 6bone, which was given back (RFC 3701).
 */
const SPECIAL = ['168.63.129.16/32', '2001::/23', '3ffe::/16'].map((text): AddressRange => {
  const [network, prefixLength] = ipaddr.parseCIDR(text);
  return [network.toByteArray(), prefixLength];
});

export interface AddressPolicy extends Pick<EgressLists, 'refusedRanges' | 'allowedRanges'> {
  /** Local mode: 127.0.0.0/8 and ::1 are allowed too. No other address that isn't public ever is. */
  allowLoopback: boolean;
}

/** May a request to a customer connect to this IP address? What an operator refused is refused, whatever else allows it. */
export function isAllowedAddress(ip: string, policy: AddressPolicy): boolean {
  const address = parse(ip);
  if (!address || isInRange(reached(address), policy.refusedRanges)) return false;
  return isPublic(address) || isInRange(address, policy.allowedRanges) || (policy.allowLoopback && isLoopback(ip));
}

/** Has an operator allowed it? */
export function isAllowedByRange(ip: string, { allowedRanges }: AddressPolicy): boolean {
  const address = parse(ip);
  return address !== undefined && isInRange(address, allowedRanges);
}

/**
 * Only global unicast is public. An address that wraps an IPv4 address (mapped, 6to4, Teredo, NAT64's local prefix) is
 * not, because it could reach a private host. The one exception is NAT64's well-known prefix around a public address:
 * an IPv6-only network's DNS answers with it for every IPv4-only host.
 *
 * @param ip an address as text, IPv4 in four decimal parts; anything else is not public
 */
export function isPublicAddress(ip: string): boolean {
  const address = parse(ip);
  return address !== undefined && isPublic(address);
}

function isPublic(address: Address): boolean {
  const to = reached(address);
  return isUnicast(to) && !isInRange(to, SPECIAL) && (to instanceof ipaddr.IPv4 || to.match(GLOBAL_IPV6));
}

/** Where a request to the address arrives: with NAT64's well-known prefix, at the IPv4 address in it. */
function reached(address: Address): Address {
  if (address instanceof ipaddr.IPv4 || !address.match(NAT64)) return address;
  return new ipaddr.IPv4(address.toByteArray().slice(12));
}

/** 127.0.0.0/8 or ::1, not wrapped in anything. */
export function isLoopback(ip: string): boolean {
  return parse(ip)?.range() === 'loopback';
}

function isUnicast(address: Address): boolean {
  return address.range() === 'unicast';
}

/** Strict: a URL parser has normalized "127.1" and "0x7f000001" already, and a zone ("%eth0") names a local link. */
function parse(ip: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(ip)) return ipaddr.IPv4.parse(ip);
  if (!ip.includes('%') && ipaddr.IPv6.isValid(ip)) return ipaddr.IPv6.parse(ip);
  return undefined;
}
