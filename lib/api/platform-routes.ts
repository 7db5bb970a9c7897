import type { Route } from './routes.ts';
import { noFields } from './schemas/endpoint.ts';
import { brake, brakeQuery, tenant, tenantParam, tenantUpdate } from './schemas/platform.ts';

const onPlatform = { lambda: 'account', platform: true, secondFactor: false, status: 200 } as const;
const reads = { ...onPlatform, method: 'GET', scope: 'tenants:read' } as const;
const writes = { ...onPlatform, scope: 'tenants:write' } as const;

/** What the platform does to all its tenants, or to one: no tenant's own key may. */
export const platformRoutes = {
  'brake.get': {
    ...reads,
    id: 'brake.get',
    path: '/v1/brake',
    summary: 'Since when sending is braked, for all tenants or for one.',
    query: brakeQuery,
    response: brake,
  },
  'brake.set': {
    ...writes,
    id: 'brake.set',
    method: 'PUT',
    path: '/v1/brake',
    summary: 'Stops all sending, or one tenant’s. Events are accepted on; nothing is lost.',
    query: brakeQuery,
    body: noFields,
    bodyOptional: true,
    response: brake,
  },
  'brake.release': {
    ...writes,
    id: 'brake.release',
    method: 'DELETE',
    path: '/v1/brake',
    summary: 'Lets sending go on; what was stopped goes out within five minutes.',
    query: brakeQuery,
    response: brake,
  },
  'tenants.get': {
    ...reads,
    id: 'tenants.get',
    path: '/v1/tenants/{id}',
    summary: 'A tenant’s quota.',
    params: tenantParam,
    response: tenant,
  },
  'tenants.update': {
    ...writes,
    id: 'tenants.update',
    method: 'PATCH',
    path: '/v1/tenants/{id}',
    summary: 'Sets or removes a tenant’s quota; it holds within seconds.',
    params: tenantParam,
    body: tenantUpdate,
    response: tenant,
  },
} as const satisfies Record<string, Route>;
