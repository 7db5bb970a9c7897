/** What a key may be allowed. */
export const SCOPES = [
  'endpoints:read',
  'endpoints:write',
  'events:read',
  'events:write',
  'deliveries:read',
  'deliveries:write',
  'jobs:read',
  'tenants:read',
  'tenants:write',
] as const;
export type Scope = (typeof SCOPES)[number];
