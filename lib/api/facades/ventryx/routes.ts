import type { Route } from '../../route.ts';
import { idParam } from '../../schemas/ids.ts';
import { pageOnlyQuery } from '../../schemas/pages.ts';
import { ventryxCreate, ventryxCreated, ventryxPage, ventryxUpdate, ventryxWebhook } from './schemas.ts';

const ofAll = { lambda: 'endpoints', facade: 'ventryx', path: '/v1/webhooks' } as const;
const ofOne = { ...ofAll, path: '/v1/webhooks/{id}', resource: 'webhook', params: idParam('ep') } as const;

/** The management calls that Ventryx's customers know. */
export const ventryxRoutes = {
  create: {
    ...ofAll,
    id: 'ventryx.create',
    operationId: 'createVentryxWebhook',
    method: 'POST',
    scope: 'endpoints:write',
    summary: 'Registers a webhook. Only this answer shows its secret.',
    body: ventryxCreate,
    response: ventryxCreated,
    location: '/v1/webhooks/{id}',
    status: 201,
    refuses: ['too-many-endpoints'],
  },
  list: {
    ...ofAll,
    id: 'ventryx.list',
    operationId: 'listVentryxWebhooks',
    method: 'GET',
    scope: 'endpoints:read',
    summary: 'The tenant’s webhooks, oldest first.',
    query: pageOnlyQuery,
    response: ventryxPage,
    status: 200,
    refuses: ['invalid-cursor'],
  },
  get: {
    ...ofOne,
    id: 'ventryx.get',
    operationId: 'getVentryxWebhook',
    method: 'GET',
    scope: 'endpoints:read',
    summary: 'One webhook.',
    response: ventryxWebhook,
    status: 200,
  },
  update: {
    ...ofOne,
    id: 'ventryx.update',
    operationId: 'updateVentryxWebhook',
    method: 'PATCH',
    scope: 'endpoints:write',
    summary: 'Changes the fields that are given.',
    body: ventryxUpdate,
    response: ventryxWebhook,
    status: 200,
    refuses: ['wrong-state'],
  },
  delete: {
    ...ofOne,
    id: 'ventryx.delete',
    operationId: 'deleteVentryxWebhook',
    secondFactor: true,
    method: 'DELETE',
    scope: 'endpoints:write',
    summary: 'Deletes a webhook: its secret is destroyed, waiting deliveries are abandoned.',
    status: 204,
  },
} as const satisfies Record<string, Route>;
