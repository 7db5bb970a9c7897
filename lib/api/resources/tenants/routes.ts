import { changesPlatform, readsPlatform, withoutFields } from '../../route-kinds.ts';
import type { Route } from '../../route.ts';
import { pageOnlyQuery } from '../../schemas/pages.ts';
import { tenant, tenantCreate, tenantPage, tenantParam, tenantUpdate } from './schemas.ts';

const ofAll = { path: '/v1/tenants' } as const;
const ofOne = { path: '/v1/tenants/{id}', params: tenantParam, response: tenant } as const;

export const tenantRoutes = {
  create: {
    ...changesPlatform,
    ...ofAll,
    id: 'tenants.create',
    operationId: 'createTenant',
    method: 'POST',
    summary: 'Registers a tenant. One that is not registered is when its first key, endpoint or event is stored.',
    body: tenantCreate,
    response: tenant,
    location: '/v1/tenants/{id}',
    status: 201,
    refuses: ['wrong-state'],
  },
  list: {
    ...readsPlatform,
    ...ofAll,
    id: 'tenants.list',
    operationId: 'listTenants',
    summary: 'All tenants, by id.',
    query: pageOnlyQuery,
    response: tenantPage,
    refuses: ['invalid-cursor'],
  },
  get: {
    ...readsPlatform,
    ...ofOne,
    id: 'tenants.get',
    operationId: 'getTenant',
    summary: 'A tenant: what the platform has set for it.',
  },
  update: {
    ...changesPlatform,
    ...ofOne,
    id: 'tenants.update',
    operationId: 'updateTenant',
    method: 'PATCH',
    summary:
      'Sets a tenant’s name, its quota and what the catalogue of event types means for it; they hold within seconds.',
    body: tenantUpdate,
  },
  resetMfa: {
    ...changesPlatform,
    id: 'tenants.reset-mfa',
    operationId: 'resetTenantMfa',
    method: 'POST',
    path: '/v1/tenants/{id}/reset-mfa',
    params: tenantParam,
    ...withoutFields,
    secondFactor: true,
    summary: 'Removes a tenant’s second factor, whose device and recovery codes are lost.',
    response: tenant,
  },
} as const satisfies Record<string, Route>;
