import { lookup, Resolver } from 'node:dns/promises';

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

/**
 * Asks the name servers directly. The calls of `getaddrinfo` share four threads in a process, so four names with dead
 * name servers would block the lookups of every other customer, and cost them attempts. Names that only this machine
 * knows (the hosts file, a search domain) are then left to the system.
 *
 * Each lookup has a resolver of its own, which reads the current server list and whose sockets do not outlive a freeze
 * of the process.
 * @param servers name servers as `ip:port`; by default the machine's
 */
export function createResolveHost(servers?: readonly string[]): ResolveHost {
  return async (hostname) => {
    if (isLocalhostName(hostname)) return askSystem(hostname);
    const resolver = new Resolver({ timeout: QUERY_TIMEOUT_MS, tries: QUERY_TRIES });
    if (servers) resolver.setServers(servers);
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    // IPv4 first: many networks, Lambda's among them, have no way out for IPv6.
    const found = [...addressesOf(v4, 4), ...addressesOf(v6, 6)];
    if (found.length > 0) return found;
    const failure = [v4, v6].map(reasonOf).find((reason) => !ASK_THE_SYSTEM.has(codeOf(reason)));
    if (failure !== undefined) throw failure;
    return askSystem(hostname);
  };
}

async function askSystem(hostname: string): Promise<ResolvedAddress[]> {
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
