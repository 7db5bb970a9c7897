// Which URLs a tenant may register: what can be said of a URL before its host name is resolved.

import ipaddr from 'ipaddr.js';

import { isAllowedAddress } from './address-policy.ts';
import type { AddressPolicy } from './address-policy.ts';

const MAX_URL_LENGTH = 2048;

export interface UrlPolicy extends AddressPolicy {
  /** Local mode: `http:` is allowed beside `https:`. */
  allowHttp: boolean;
}

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
  const problem = schemeProblem(url, policy) ?? partsProblem(url, text) ?? hostProblem(url, policy);
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

function hostProblem(url: URL, policy: UrlPolicy): string | undefined {
  const host = hostOf(url);
  const address = literalAddress(url);
  if (address !== undefined) {
    return isAllowedAddress(address, policy) ? undefined : `Use a public address: ${address} is not public.`;
  }
  if (host.endsWith('.')) return 'Take the dot off the end of the host name.';
  if (isLocalhostName(host) && !policy.allowLoopback) return 'Use a public host name: localhost is not public.';
  if (/(^|\.)(internal|local)$/.test(host)) return 'Use a public host name: .internal and .local are not public.';
  return undefined;
}
