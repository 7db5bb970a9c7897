// Which URLs a tenant may register: what can be said of a URL before its host name is resolved.

import ipaddr from 'ipaddr.js';

import { isAllowedAddress, isAllowedByRange, isLoopback } from './address-policy.ts';
import type { AddressPolicy } from './address-policy.ts';
import { type EgressLists, type PortRange, isBelow } from './egress-rules.ts';

const MAX_URL_LENGTH = 2048;

/** Without an operator's list. Below 1024, other services than web servers listen. */
export const DEFAULT_PORTS: readonly PortRange[] = [
  [80, 80],
  [443, 443],
  [1024, 65_535],
];

export interface UrlPolicy extends AddressPolicy, Pick<EgressLists, 'ports' | 'refusedHosts' | 'allowedHosts'> {
  /** Local mode: `http:` is allowed beside `https:`. */
  allowHttp: boolean;
}

/** A deployment's: HTTPS, to public addresses only. */
export const STRICT_POLICY: UrlPolicy = { allowHttp: false, allowLoopback: false };
/** A laptop's: plain HTTP and this machine too. */
export const LOCAL_POLICY: UrlPolicy = { allowHttp: true, allowLoopback: true };

export type UrlCheck = { ok: true; url: URL } | { ok: false; problem: string };

/**
 * May a tenant register this URL, and may a request go there? A host name that passes isn't safe yet: the addresses
 * that it resolves to are checked when the socket connects.
 *
 * @returns the parsed URL, or one sentence of at most 80 characters that says what to change
 */
export function checkUrl(text: string, policy: UrlPolicy): UrlCheck {
  const url = parseUrl(text);
  if (!url?.hostname) return { ok: false, problem: 'Give a whole URL, such as https://example.com/webhooks.' };
  const problem =
    schemeProblem(url, policy) ?? partsProblem(url, text) ?? portProblem(url, policy) ?? hostProblem(url, policy);
  return problem === undefined ? { ok: true, url } : { ok: false, problem };
}

/** The IP address that a URL names instead of a host, in its usual form and without brackets. */
export function literalAddress(url: URL): string | undefined {
  const host = hostOf(url);
  return host.includes(':') || ipaddr.IPv4.isValidFourPartDecimal(host) ? host : undefined;
}

/** The host without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

/** `localhost` and the names below it always mean this machine (RFC 6761, 6.3). */
export function isLocalhostName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

/** Refuses what a URL parser would repair (spaces, line breaks, missing slashes): what was typed is what is used. */
function parseUrl(text: string): URL | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^\s\\]+$/i.test(text)) return undefined;
  return URL.parse(text) ?? undefined;
}

function schemeProblem(url: URL, policy: UrlPolicy): string | undefined {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && policy.allowHttp)) return undefined;
  return policy.allowHttp ? 'Use a URL that starts with https:// or http://.' : 'Use a URL that starts with https://.';
}

function partsProblem(url: URL, text: string): string | undefined {
  if (url.username || url.password) return 'Take the user name and password out of the URL; use a header instead.';
  if (text.includes('#')) return 'Take the fragment (# and what follows) out of the URL.';
  // Both, because percent-encoding lengthens what is sent.
  if (Math.max(text.length, url.href.length) > MAX_URL_LENGTH) return 'Shorten the URL to at most 2,048 characters.';
  return undefined;
}

function portProblem(url: URL, { ports = DEFAULT_PORTS }: UrlPolicy): string | undefined {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  if (ports.some(([first, last]) => first <= port && port <= last)) return undefined;
  return `Use another port: requests can't be sent to port ${port}.`;
}

function hostProblem(url: URL, policy: UrlPolicy): string | undefined {
  const host = hostOf(url);
  const address = literalAddress(url);
  if (address !== undefined) return addressProblem(address, policy);
  if (host.endsWith('.')) return 'Take the dot off the end of the host name.';
  if (isBelow(host, policy.refusedHosts)) return NOT_SERVED;
  if (isLocalhostName(host)) {
    return policy.allowLoopback ? undefined : 'Use a public host name: localhost is not public.';
  }
  if (policy.allowedHosts) return isBelow(host, policy.allowedHosts) ? undefined : NOT_SERVED;
  if (/(^|\.)(internal|local)$/.test(host)) return 'Use a public host name: .internal and .local are not public.';
  // In local mode, it may be a service beside this one.
  if (!host.includes('.') && !policy.allowLoopback) return 'Use a public host name, such as example.com.';
  return undefined;
}

const NOT_SERVED = "Use another host: requests can't be sent to this one.";

function addressProblem(address: string, policy: UrlPolicy): string | undefined {
  if (!isAllowedAddress(address, policy)) return `Use a public address: ${address} is not public.`;
  const isListed = policy.allowedHosts === undefined || isAllowedByRange(address, policy) || isLoopback(address);
  return isListed ? undefined : NOT_SERVED;
}
