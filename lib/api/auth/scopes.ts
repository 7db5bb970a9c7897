/** What a key may be allowed. */
export const SCOPES = [
  'endpoints:read',
  'endpoints:write',
  'endpoints:poll',
  'events:read',
  'events:write',
  'event-types:read',
  'event-types:write',
  'deliveries:read',
  'deliveries:write',
  'jobs:read',
  'keys:read',
  'keys:write',
  'audit:read',
  'portal:read',
  'portal:write',
  'mfa:use',
  'mfa:write',
  'tenants:read',
  'tenants:write',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Of routes that only platform keys may call. */
const PLATFORM_SCOPES: ReadonlySet<Scope> = new Set(['tenants:read', 'tenants:write']);

/** What a tenant’s own key can be allowed. */
export const TENANT_SCOPES: readonly Scope[] = SCOPES.filter((scope) => !PLATFORM_SCOPES.has(scope));

/** What no key has: a session may read and end itself, and its code may be exchanged for its token. */
export const SESSION_SCOPES = ['portal:use', 'portal:open'] as const;
export const CODE_SCOPES = ['portal:open'] as const satisfies readonly RouteScope[];

/** What a route can ask for. */
export type RouteScope = Scope | (typeof SESSION_SCOPES)[number];
