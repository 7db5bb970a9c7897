import { manual, withoutFields } from '../../route-kinds.ts';
import type { Route } from '../../route.ts';
import { keyedHeaders } from '../../schemas/idempotency-key.ts';
import { idParam } from '../../schemas/ids.ts';
import { pageOnlyQuery } from '../../schemas/pages.ts';
import { job } from '../jobs/schemas.ts';
import {
  endpoint,
  endpointCreate,
  endpointCreated,
  endpointPage,
  endpointReplay,
  endpointUpdate,
  resumeRequest,
} from './schemas.ts';

const ofAll = { lambda: 'endpoints', path: '/v1/endpoints' } as const;
const ofOne = { lambda: 'endpoints', resource: 'endpoint', params: idParam('ep') } as const;

/** A call without fields that changes an endpoint's state and answers it. */
const changesState = {
  ...ofOne,
  ...withoutFields,
  method: 'POST',
  scope: 'endpoints:write',
  response: endpoint,
  status: 200,
} as const;

export const endpointRoutes = {
  create: {
    ...ofAll,
    id: 'endpoints.create',
    method: 'POST',
    scope: 'endpoints:write',
    summary:
      'Registers an endpoint. Only this answer, and that of a repeat with the same key, shows its signing secret.',
    headers: keyedHeaders,
    body: endpointCreate,
    response: endpointCreated,
    status: 201,
  },
  list: {
    ...ofAll,
    id: 'endpoints.list',
    method: 'GET',
    scope: 'endpoints:read',
    summary: 'The tenant’s endpoints, oldest first.',
    query: pageOnlyQuery,
    response: endpointPage,
    status: 200,
  },
  get: {
    ...ofOne,
    id: 'endpoints.get',
    method: 'GET',
    path: '/v1/endpoints/{id}',
    scope: 'endpoints:read',
    summary: 'One endpoint.',
    response: endpoint,
    status: 200,
  },
  update: {
    ...ofOne,
    id: 'endpoints.update',
    method: 'PATCH',
    path: '/v1/endpoints/{id}',
    scope: 'endpoints:write',
    summary: 'Changes the fields that are given.',
    body: endpointUpdate,
    response: endpoint,
    status: 200,
  },
  delete: {
    ...ofOne,
    id: 'endpoints.delete',
    method: 'DELETE',
    path: '/v1/endpoints/{id}',
    scope: 'endpoints:write',
    summary: 'Deletes an endpoint: its secret is destroyed, waiting deliveries are abandoned.',
    status: 204,
  },
  pause: {
    ...changesState,
    id: 'endpoints.pause',
    path: '/v1/endpoints/{id}/pause',
    summary: 'Pauses an endpoint: what comes for it is held.',
  },
  resume: {
    ...changesState,
    id: 'endpoints.resume',
    path: '/v1/endpoints/{id}/resume',
    summary: 'Resumes a paused endpoint, and releases or discards what was held.',
    body: resumeRequest,
  },
  enable: {
    ...changesState,
    id: 'endpoints.enable',
    path: '/v1/endpoints/{id}/enable',
    summary: 'Enables a disabled endpoint.',
  },
  disable: {
    ...changesState,
    id: 'endpoints.disable',
    path: '/v1/endpoints/{id}/disable',
    summary: 'Disables an endpoint: it gets no events, waiting deliveries are abandoned.',
  },
  replay: {
    ...manual,
    ...ofOne,
    id: 'endpoints.replay',
    path: '/v1/endpoints/{id}/replay',
    summary: 'Sends an endpoint the events of a time again, also those that it did not subscribe to then, by a job.',
    headers: keyedHeaders,
    body: endpointReplay,
    response: job,
    status: 202,
  },
} as const satisfies Record<string, Route>;
