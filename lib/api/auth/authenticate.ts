import type { ApiKey } from '../../ports/api-key-store.ts';
import type { Ports } from '../../ports/ports.ts';
import { bearerKey, hashApiKey } from './api-key.ts';

const CACHED_KEYS = 1000;
const CACHE_MS = 10_000;

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
 * Looks up the key of `Authorization: Bearer prk_…`. Keys that were found are remembered for 10 s, so a deleted key may
 * work that much longer.
 */
export function createAuthenticate({ apiKeys, clock }: Pick<Ports, 'apiKeys' | 'clock'>): Authenticate {
  const cache = new Map<string, { key: ApiKey; until: number }>();

  async function find(hash: string): Promise<ApiKey | undefined> {
    const now = clock.now();
    const cached = cache.get(hash);
    if (cached && cached.until > now) return cached.key;
    cache.delete(hash);
    const key = await apiKeys.find(hash);
    if (!key) return undefined;
    const oldest = cache.size >= CACHED_KEYS ? cache.keys().next().value : undefined;
    if (oldest !== undefined) cache.delete(oldest);
    cache.set(hash, { key, until: now + CACHE_MS });
    return key;
  }

  return async ({ headers }) => {
    const secret = bearerKey(headers.authorization);
    return secret === undefined ? undefined : find(hashApiKey(secret));
  };
}
