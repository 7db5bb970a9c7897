import { noFields } from './schemas/no-fields.ts';

/** Shows what happened, and writes nothing. */
export const readsHistory = { lambda: 'history', method: 'GET', status: 200 } as const;

/** What a person does about deliveries. Served where endpoints are changed, since `history` has no right to write. */
export const manual = { lambda: 'endpoints', method: 'POST', scope: 'deliveries:write' } as const;

/** Shows what the platform has set for all its tenants or for one: not for a tenant's own key. */
export const readsPlatform = {
  lambda: 'account',
  platform: true,
  method: 'GET',
  scope: 'tenants:read',
  status: 200,
} as const;

/** Changes what the platform has set. */
export const changesPlatform = { lambda: 'account', platform: true, scope: 'tenants:write', status: 200 } as const;

/** A call whose body has no fields, and may be left off. */
export const withoutFields = { body: noFields, bodyOptional: true } as const;
