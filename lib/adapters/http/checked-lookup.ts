import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';

import { isAllowedAddress } from '../../domain/address-policy.ts';
import type { AddressPolicy } from '../../domain/address-policy.ts';
import type { ResolvedAddress, ResolveHost } from './resolve-host.ts';
import { codeOf, SendFailure } from './send-failure.ts';

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

/** @throws SendFailure */
async function resolveAllowed(hostname: string, resolve: ResolveHost, policy: AddressPolicy): Promise<Addresses> {
  const [first, ...others] = await resolve(hostname).catch((error: unknown) => {
    throw lookupFailure(codeOf(error));
  });
  if (!first) throw lookupFailure('ENODATA');
  const addresses: Addresses = [first, ...others];
  const refused = addresses.find(({ address }) => !isAllowedAddress(address, policy));
  if (refused) throw blockedAddress(refused.address);
  return addresses;
}

/** The answer does not name the address: a tenant could use it to resolve names that only our network knows. */
export function blockedAddress(address: string): SendFailure {
  return new SendFailure('blocked_address', 'the host has an address that is not public', address);
}

function lookupFailure(code: string): SendFailure {
  const absent = code === 'ENOTFOUND' || code === 'ENODATA';
  return new SendFailure('dns', absent ? 'host not found' : 'the name server of the host did not answer');
}
