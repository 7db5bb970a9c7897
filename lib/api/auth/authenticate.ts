import type { ApiKey } from '../../ports/api-key-store.ts';
import type { Ports } from '../../ports/ports.ts';
import { bearerKey } from './api-key.ts';
import { findKey } from './find-key.ts';

/** A key that was found, by whoever looked it up. */
export type AuthenticatedKey = Pick<ApiKey, 'id' | 'tenantId' | 'scopes'>;

/** What a request says about who sends it. */
export interface Credentials {
  /** By lower-case name. */
  headers: Record<string, string | undefined>;
  /** The key that a gateway in front of us has looked up. It counts only where `authenticate` is told to trust it. */
  key?: AuthenticatedKey;
}

/** Answers the key of a request; undefined when there is none, or an unknown one. */
export type Authenticate = (credentials: Credentials) => Promise<AuthenticatedKey | undefined>;

/**
 * Looks up the key of `Authorization: Bearer prk_…` at each request, so that a revoked key stops at once. Behind API Gateway the
 * authorizer does it, and its answers are remembered for seconds.
 */
export function createAuthenticate(ports: Pick<Ports, 'apiKeys' | 'clock' | 'log'>): Authenticate {
  return async ({ headers }) => {
    const secret = bearerKey(headers.authorization);
    return secret === undefined ? undefined : findKey(ports, secret);
  };
}
