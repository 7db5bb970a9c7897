import type { LookupFunction } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { callbackify } from 'node:util';

import { isAllowedAddress } from '../../domain/address-policy.ts';
import type { AddressPolicy } from '../../domain/address-policy.ts';
import type { ResolvedAddress, ResolveHost } from './resolve-host.ts';
import { codeOf, failureOf, isOurs, SendFailure } from './send-failure.ts';

/**
 * The DNS lookup of every connection. The socket connects to the addresses that it returns, so nothing can change
 * between the check and the connection. One address that is not allowed refuses the whole name, because a name that
 * mixes public and private addresses is a mistake or an attack.
 *
 * Sockets do not look up a host that is already an IP address: check those first.
 */
export function createCheckedLookup(resolve: ResolveHost, policy: AddressPolicy): LookupFunction {
  const lookup = callbackify((hostname: string) => resolveAllowed(hostname, resolve, policy));
  return (hostname, options, callback) => {
    lookup(hostname, (failure, addresses) => {
      if (failure) callback(failure, '');
      else if (options.all) callback(null, [...addresses]);
      else callback(null, addresses[0].address, addresses[0].family);
    });
  };
}

type Addresses = readonly [ResolvedAddress, ...ResolvedAddress[]];

/**
 * A lookup without a usable address is told no sooner than this after it began. Names inside our network are answered
 * by a near name server: the time would tell a tenant which of them exist.
 */
const LEAST_FAILURE_MS = 200;

/** @throws SendFailure, ServiceFault */
async function resolveAllowed(hostname: string, resolve: ResolveHost, policy: AddressPolicy): Promise<Addresses> {
  const startedAt = performance.now();
  try {
    return await resolveAtOnce(hostname, resolve, policy);
  } catch (error) {
    await wait(Math.max(LEAST_FAILURE_MS - (performance.now() - startedAt), 0));
    throw error;
  }
}

/** @throws SendFailure, or ServiceFault when this machine has no resources for a lookup */
async function resolveAtOnce(hostname: string, resolve: ResolveHost, policy: AddressPolicy): Promise<Addresses> {
  const [first, ...others] = await resolve(hostname).catch((error: unknown) => {
    throw isOurs(error) ? failureOf(error) : lookupFailure(codeOf(error));
  });
  if (!first) throw lookupFailure('ENODATA');
  const addresses: Addresses = [first, ...others];
  const refused = addresses.find(({ address }) => !isAllowedAddress(address, policy));
  if (refused) throw unusableHost(refused.address);
  return addresses;
}

/** An address in the URL itself: its tenant knows it. */
export function blockedAddress(address: string): SendFailure {
  return new SendFailure('blocked_address', 'the address is not public', address);
}

/**
 * One failure for a name that does not exist and for one that leads inside, because a tenant could otherwise find out
 * which names only our network knows.
 * @param refused the address that it leads to, for the operator's log
 */
function unusableHost(refused?: string): SendFailure {
  return new SendFailure('dns', 'host not found, or not public', refused);
}

function lookupFailure(code: string): SendFailure {
  if (code === 'ENOTFOUND' || code === 'ENODATA') return unusableHost();
  return new SendFailure('dns', 'the name server of the host did not answer');
}
