import { manual, withoutFields } from '../../route-kinds.ts';
import type { Route } from '../../route.ts';
import { keyedHeaders } from '../../schemas/idempotency-key.ts';
import { ifMatchHeaders } from '../../schemas/if-match.ts';
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
  endpointUpdated,
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
  headers: ifMatchHeaders,
  response: endpoint,
  etag: true,
  status: 200,
  refuses: ['changed-meanwhile', 'precondition-failed', 'wrong-state'],
} as const;

export const endpointRoutes = {
  create: {
    ...ofAll,
    id: 'endpoints.create',
    operationId: 'createEndpoint',
    method: 'POST',
    scope: 'endpoints:write',
    summary:
      'Registers an endpoint. Only this answer, and that of a repeat with the same key, shows its signing secret.',
    headers: keyedHeaders,
    body: endpointCreate,
    response: endpointCreated,
    location: '/v1/endpoints/{id}',
    etag: true,
    status: 201,
    refuses: ['too-many-endpoints', 'invalid-secret', 'wrong-state'],
  },
  list: {
    ...ofAll,
    id: 'endpoints.list',
    operationId: 'listEndpoints',
    method: 'GET',
    scope: 'endpoints:read',
    summary: 'The tenant’s endpoints, oldest first.',
    query: pageOnlyQuery,
    response: endpointPage,
    status: 200,
    refuses: ['invalid-cursor'],
  },
  get: {
    ...ofOne,
    id: 'endpoints.get',
    operationId: 'getEndpoint',
    method: 'GET',
    path: '/v1/endpoints/{id}',
    scope: 'endpoints:read',
    summary: 'One endpoint.',
    response: endpoint,
    etag: true,
    status: 200,
  },
  update: {
    ...ofOne,
    id: 'endpoints.update',
    operationId: 'updateEndpoint',
    method: 'PATCH',
    path: '/v1/endpoints/{id}',
    scope: 'endpoints:write',
    summary: 'Changes the fields that are given.',
    headers: ifMatchHeaders,
    body: endpointUpdate,
    response: endpointUpdated,
    etag: true,
    status: 200,
    refuses: ['changed-meanwhile', 'precondition-failed', 'wrong-state'],
  },
  delete: {
    ...ofOne,
    id: 'endpoints.delete',
    operationId: 'deleteEndpoint',
    method: 'DELETE',
    path: '/v1/endpoints/{id}',
    scope: 'endpoints:write',
    headers: ifMatchHeaders,
    summary: 'Deletes an endpoint: its secret is destroyed, waiting deliveries are abandoned.',
    status: 204,
    refuses: ['changed-meanwhile', 'precondition-failed'],
  },
  pause: {
    ...changesState,
    id: 'endpoints.pause',
    operationId: 'pauseEndpoint',
    path: '/v1/endpoints/{id}/pause',
    summary: 'Pauses an endpoint: what comes for it is held.',
  },
  resume: {
    ...changesState,
    id: 'endpoints.resume',
    operationId: 'resumeEndpoint',
    path: '/v1/endpoints/{id}/resume',
    summary: 'Resumes a paused endpoint, and releases or discards what was held.',
    body: resumeRequest,
  },
  enable: {
    ...changesState,
    id: 'endpoints.enable',
    operationId: 'enableEndpoint',
    path: '/v1/endpoints/{id}/enable',
    summary: 'Enables a disabled endpoint.',
  },
  disable: {
    ...changesState,
    id: 'endpoints.disable',
    operationId: 'disableEndpoint',
    path: '/v1/endpoints/{id}/disable',
    summary: 'Disables an endpoint: it gets no events, waiting deliveries are abandoned.',
  },
  replay: {
    ...manual,
    ...ofOne,
    id: 'endpoints.replay',
    operationId: 'replayEndpoint',
    secondFactor: true,
    path: '/v1/endpoints/{id}/replay',
    summary: 'Sends an endpoint the events of a time again, also those that it did not subscribe to then, by a job.',
    headers: keyedHeaders,
    body: endpointReplay,
    response: job,
    location: '/v1/jobs/{id}',
    status: 202,
    refuses: ['wrong-state'],
  },
} as const satisfies Record<string, Route>;
