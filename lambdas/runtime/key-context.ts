import type { AuthenticatedKey } from '../../lib/api/auth/authenticated-key.ts';

/**
 * What the authorizer tells the functions behind it, through API Gateway: `event.requestContext.authorizer.lambda`,
 * which no caller can write. Flat strings, which access logs can show too.
 */
export interface KeyContext {
  /** Absent: there is no such key, and the function answers 401. */
  key_id?: string;
  /** Percent-encoded, because a tenant's id may be any text. Absent for a platform key. */
  tenant_id?: string;
  /** Separated by spaces. */
  scopes?: string;
  /** Percent-encoded. Absent for a key. */
  user?: string;
}

export function contextOf(key: AuthenticatedKey | undefined): KeyContext {
  if (!key) return {};
  return {
    key_id: key.id,
    ...(key.tenantId !== undefined && { tenant_id: encodeURIComponent(key.tenantId) }),
    scopes: key.scopes.join(' '),
    ...(key.user !== undefined && { user: encodeURIComponent(key.user) }),
  };
}

/** The reverse; undefined for what names no key. */
export function keyOf(context: KeyContext | null | undefined): AuthenticatedKey | undefined {
  if (!context?.key_id) return undefined;
  const { key_id: id, tenant_id: tenantId, scopes = '', user } = context;
  return {
    id,
    scopes: scopes.split(' '),
    ...(tenantId && { tenantId: decodeURIComponent(tenantId) }),
    ...(user && { user: decodeURIComponent(user) }),
  };
}
