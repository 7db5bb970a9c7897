import { changesPlatform, readsPlatform } from '../../route-kinds.ts';
import type { Route } from '../../route.ts';
import { tenant, tenantParam, tenantUpdate } from './schemas.ts';

const ofOne = { path: '/v1/tenants/{id}', params: tenantParam, response: tenant } as const;

export const tenantRoutes = {
  get: {
    ...readsPlatform,
    ...ofOne,
    id: 'tenants.get',
    operationId: 'getTenant',
    summary: 'A tenant’s quota.',
  },
  update: {
    ...changesPlatform,
    ...ofOne,
    id: 'tenants.update',
    operationId: 'updateTenant',
    method: 'PATCH',
    summary: 'Sets or removes a tenant’s quota; it holds within seconds.',
    body: tenantUpdate,
  },
} as const satisfies Record<string, Route>;
