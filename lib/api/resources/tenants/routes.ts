import { changesPlatform, readsPlatform, withoutFields } from '../../route-kinds.ts';
import type { Route } from '../../route.ts';
import { job } from '../jobs/schemas.ts';
import { pageOnlyQuery } from '../../schemas/pages.ts';
import { tenant, tenantCreate, tenantPage, tenantParam, tenantUpdate } from './schemas.ts';

const ofAll = { path: '/v1/tenants' } as const;
const ofOne = { path: '/v1/tenants/{id}', params: tenantParam, response: tenant } as const;

/** By a job. Served where endpoints are changed, since `account` has no right to start one. */
const onEverything = {
  ...changesPlatform,
  lambda: 'endpoints',
  resource: 'tenant',
  params: tenantParam,
  secondFactor: true,
  response: job,
  location: '/v1/jobs/{id}',
  status: 202,
} as const;

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
    refuses: ['wrong-state', 'tenant-erased'],
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
    refuses: ['tenant-erased'],
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
    refuses: ['tenant-erased'],
  },
  erase: {
    ...onEverything,
    id: 'tenants.erase',
    operationId: 'eraseTenant',
    method: 'DELETE',
    path: '/v1/tenants/{id}',
    summary:
      'Erases a tenant, by a job: its keys, endpoints, events, deliveries and all else that is stored for it, for good. From the answer on, nothing is stored for it. Ask for the job with the tenant in `Postrider-Tenant`: its `erasure` says what was removed, and when the last traces end.',
  },
  reseal: {
    ...onEverything,
    ...withoutFields,
    id: 'tenants.reseal',
    operationId: 'resealTenantSecrets',
    method: 'POST',
    path: '/v1/tenants/{id}/reseal',
    summary:
      'Encrypts a tenant’s secrets, header values and second factor again, with the newest data key, by a job. Nothing else of its endpoints changes.',
    refuses: ['tenant-erased', 'changed-meanwhile'],
  },
} as const satisfies Record<string, Route>;
