import { createHash } from 'node:crypto';
import { RequestError } from '../domain/errors.ts';
import type { ApiKey, ApiKeyStore } from '../ports/api-key-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { ApiRequest, AuthenticatedKey } from './exchange.ts';
import type { Scope } from './routes.ts';

const CACHED_KEYS = 1000;
const CACHE_MS = 10_000;
const DEFAULT_TENANT = 'default';
const TENANT = /^[A-Za-z0-9_.:-]{1,128}$/;
const BEARER = /^Bearer +(prk_[\x21-\x7e]{1,256})$/i;

interface Caller {
  tenantId: string;
  /** Bound to no tenant: the platform's own. */
  isPlatform: boolean;
  keyId: string;
}

/** Answers the key of a request; undefined when there is none, or an unknown one. */
export type Authenticate = (request: ApiRequest) => Promise<AuthenticatedKey | undefined>;

/**
 * Looks up the key of `Authorization: Bearer prk_…`. Keys that were found are remembered for 10 s, so a deleted key may
 * work that much longer.
 */
export function createAuthenticate({ apiKeys, clock }: { apiKeys: ApiKeyStore; clock: Clock }): Authenticate {
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

/**
 * What a key allows, with the tenant that `Postrider-Tenant` names.
 * @throws RequestError 401 without a key, 403 without the scope or for another tenant, 400 for a bad tenant
 */
export function authorize(key: AuthenticatedKey | undefined, headers: ApiRequest['headers'], scope: Scope): Caller {
  if (!key) throw unauthorized();
  if (!key.scopes.includes(scope)) throw missingScope(scope);
  const isPlatform = key.tenantId === undefined;
  return { tenantId: tenantOf(key, headers['postrider-tenant']), isPlatform, keyId: key.id };
}

/** The key in an `Authorization` header; undefined when it holds none. */
export function bearerKey(authorization: string | undefined): string | undefined {
  return BEARER.exec(authorization ?? '')?.[1];
}

/** How keys are stored: lower-case hex SHA-256 of the whole key, `prk_` included. */
export function hashApiKey(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** May a tenant have this id? */
export function isTenantId(text: string): boolean {
  return TENANT.test(text);
}

function tenantOf(key: AuthenticatedKey, named: string | undefined): string {
  if (named !== undefined && !isTenantId(named)) {
    throw new RequestError(
      'invalid-tenant',
      'The header `Postrider-Tenant` must be 1 to 128 letters, digits, `_`, `.`, `:` and `-`.',
    );
  }
  if (key.tenantId === undefined) return named ?? DEFAULT_TENANT;
  if (named === undefined || named === key.tenantId) return key.tenantId;
  throw new RequestError(
    'other-tenant',
    'This key belongs to another tenant: leave `Postrider-Tenant` off, or use that tenant’s key.',
  );
}

/** The same for every reason, so that nothing is learnt about keys. */
function unauthorized(): RequestError {
  return new RequestError('unauthorized', 'A valid API key is needed: send `Authorization: Bearer prk_…`.');
}

/** Of a route that is about tenants, not of one. */
export function platformKeyNeeded(): RequestError {
  return new RequestError('platform-key-needed', 'A platform key is needed: this one belongs to a tenant.');
}

function missingScope(scope: Scope): RequestError {
  return new RequestError('missing-scope', `This key lacks the scope \`${scope}\`: use a key that has it.`);
}
