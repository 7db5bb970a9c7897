import { RequestError } from '../../domain/errors.ts';
import type { Credentials } from './authenticate.ts';
import type { AuthenticatedKey } from './authenticated-key.ts';
import type { RouteScope } from './scopes.ts';
import { readTenantHeader } from './tenant-header.ts';

const DEFAULT_TENANT = 'default';

/** Who calls, and whose data the call is about. */
export interface Caller {
  keyId: string;
  scopes: readonly string[];
  /** Whose data it is about. */
  tenantId: string;
  /** Bound to no tenant: the platform's own. */
  isPlatform: boolean;
  /** Whose key it is; undefined: the platform's own. */
  owner: string | undefined;
  /** Of a session: who uses it. */
  user?: string;
}

/**
 * What a key allows, with the tenant that `Postrider-Tenant` names.
 * @param keyHeader the header that a key is in, alone; undefined: `Authorization`
 * @throws RequestError `unauthorized` without a key, `missing-scope`, `other-tenant`, `invalid-tenant`
 */
export function authorize(
  key: AuthenticatedKey | undefined,
  headers: Credentials['headers'],
  scope: RouteScope,
  keyHeader?: string,
): Caller {
  if (!key) throw unauthorized(keyHeader);
  if (!key.scopes.includes(scope)) throw missingScope(scope);
  const { id: keyId, scopes, tenantId: owner, user } = key;
  return {
    keyId,
    scopes,
    tenantId: tenantOf(key, headers['postrider-tenant']),
    isPlatform: owner === undefined,
    owner,
    ...(user !== undefined && { user }),
  };
}

function tenantOf(key: AuthenticatedKey, header: string | undefined): string {
  const named = header === undefined ? undefined : readTenantHeader(header);
  if (key.tenantId === undefined) return named ?? DEFAULT_TENANT;
  if (named === undefined || named === key.tenantId) return key.tenantId;
  throw new RequestError(
    'other-tenant',
    'This key belongs to another tenant: leave `Postrider-Tenant` off, or use that tenant’s key.',
  );
}

/** The same for every reason, so that nothing is learnt about keys. */
function unauthorized(keyHeader: string | undefined): RequestError {
  const header = keyHeader === undefined ? 'Authorization: Bearer' : `${keyHeader}:`;
  return new RequestError('unauthorized', `A valid API key is needed: send \`${header} prk_…\`.`);
}

/** Of a route that is about tenants, not of one. */
export function platformKeyNeeded(): RequestError {
  return new RequestError('platform-key-needed', 'A platform key is needed: this one belongs to a tenant.');
}

export function missingScope(scope: string): RequestError {
  return new RequestError('missing-scope', `This key lacks the scope \`${scope}\`: use a key that has it.`);
}
