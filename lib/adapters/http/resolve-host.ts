import { lookup, Resolver } from 'node:dns/promises';
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

import { isLocalhostName } from '../../domain/url-policy.ts';
import { codeOf } from './send-failure.ts';

export interface ResolvedAddress {
  address: string;
  family: 4 | 6;
}

/** All addresses of a name. Rejects with an error that has a code of node:dns. */
export type ResolveHost = (hostname: string) => Promise<readonly ResolvedAddress[]>;

const QUERY_TIMEOUT_MS = 1500;
const QUERY_TRIES = 2;

/** The name server does not know the name, or can't be reached: the hosts file may still know it. */
const ASK_THE_SYSTEM = new Set(['ENOTFOUND', 'ENODATA', 'ECONNREFUSED']);

/** How long IPv4 addresses wait for the IPv6 ones (RFC 8305, 3: the resolution delay). */
const OTHER_FAMILY_MS = 50;

export interface ResolveOptions {
  /** Local mode: names that only this machine knows (the hosts file, a search domain) are found by `getaddrinfo`. */
  askSystem: boolean;
  /** False: the network has no way out for IPv6, so nobody asks for such addresses. Default true. */
  ipv6?: boolean;
  /** Name servers as `ip:port`; by default the machine's. */
  servers?: readonly string[];
}

/**
 * Asks the name servers directly. The calls of `getaddrinfo` share four threads in a process, so four names with dead
 * name servers would block the lookups of every other customer, and cost them attempts: a deployment makes none.
 *
 * Each lookup has a resolver of its own, which reads the current server list and whose sockets do not outlive a freeze
 * of the process.
 */
export function createResolveHost({ askSystem, ipv6 = true, servers }: ResolveOptions): ResolveHost {
  return async (hostname) => {
    if (askSystem && isLocalhostName(hostname)) return resolveBySystem(hostname);
    const resolver = new Resolver({ timeout: QUERY_TIMEOUT_MS, tries: QUERY_TRIES });
    if (servers) resolver.setServers(servers);
    const [v4, v6] = ipv6
      ? await bothFamilies(resolver, hostname)
      : [await settled(resolver.resolve4(hostname)), NO_ANSWER];
    // IPv4 first: many networks, Lambda's among them, have no way out for IPv6.
    const found = [...addressesOf(v4, 4), ...addressesOf(v6, 6)];
    if (found.length > 0) return found;
    const reasons = [v4, v6].map(reasonOf);
    if (reasons.some((reason) => codeOf(reason) === 'ECONNREFUSED')) refuseIfExhausted();
    const failure = reasons.find((reason) => !ASK_THE_SYSTEM.has(codeOf(reason)));
    if (failure !== undefined) throw failure;
    if (askSystem) return resolveBySystem(hostname);
    throw reasons[0];
  };
}

type Answer = PromiseSettledResult<string[]>;

/**
 * IPv4 addresses that were found do not wait for a name server that hangs on the question for the IPv6 ones. Only what
 * is returned is connected to, so only that has to be checked.
 */
async function bothFamilies(resolver: Resolver, hostname: string): Promise<[v4: Answer, v6: Answer]> {
  const second = settled(resolver.resolve6(hostname));
  const v4 = await settled(resolver.resolve4(hostname));
  if (v4.status === 'rejected' || v4.value.length === 0) return [v4, await second];
  const given = new AbortController();
  const late = wait(OTHER_FAMILY_MS, NO_ANSWER, { signal: given.signal }).catch(() => NO_ANSWER);
  const v6 = await Promise.race([second, late]);
  given.abort();
  resolver.cancel();
  return [v4, v6];
}

const NO_ANSWER: Answer = { status: 'fulfilled', value: [] };

async function settled(answer: Promise<string[]>): Promise<Answer> {
  const [result] = await Promise.allSettled([answer]);
  return result;
}

/**
 * A machine without a socket for the question is told as a name server that refuses it: c-ares has one error for both.
 * @throws EMFILE, ENFILE
 */
function refuseIfExhausted(): void {
  closeSync(openSync(devNull, 'r'));
}

async function resolveBySystem(hostname: string): Promise<ResolvedAddress[]> {
  const found = await lookup(hostname, { all: true, order: 'ipv4first' });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

function addressesOf(result: PromiseSettledResult<string[]>, family: 4 | 6): ResolvedAddress[] {
  return result.status === 'fulfilled' ? result.value.map((address) => ({ address, family })) : [];
}

/** A response without addresses counts as a name without addresses. */
function reasonOf(result: PromiseSettledResult<string[]>): unknown {
  if (result.status === 'rejected') return result.reason;
  return Object.assign(new Error('no addresses'), { code: 'ENODATA' });
}
