import type * as z from 'zod';
import { manualRoutes } from './manual-routes.ts';
import { platformRoutes } from './platform-routes.ts';
import { health, openApiDocument } from './schemas/account.ts';
import { deliveryIdParam, idParam, pageOnlyQuery } from './schemas/common.ts';
import { deliveryDetail, deliveryListQuery, deliveryPage } from './schemas/delivery.ts';
import {
  endpoint,
  endpointCreate,
  endpointCreated,
  endpointPage,
  endpointUpdate,
  noFields,
  resumeRequest,
} from './schemas/endpoint.ts';
import { eventAccepted, eventDetail, eventListQuery, eventPage, eventPost, eventPostHeaders } from './schemas/event.ts';
import { eventBatch, eventBatchResults } from './schemas/event-batch.ts';
import { job } from './schemas/job.ts';
import { retriesSummary } from './schemas/retries.ts';

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

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The function that serves a route. */
type RouteLambda = 'endpoints' | 'ingest' | 'history' | 'account';

export interface Route {
  /** Resource and call: `endpoints.create`. */
  id: string;
  method: Method;
  /** With `{name}` for a parameter, as API Gateway and OpenAPI write it. */
  path: string;
  lambda: RouteLambda;
  /** What a key must be allowed; null: public, no key is read. */
  scope: Scope | null;
  /** Only for keys that are bound to no tenant. */
  platform?: true;
  /** Does it ask for a second factor where the tenant or the deployment wants one? */
  secondFactor: boolean;
  summary: string;
  /** What an unknown `{id}` is called in the answer. */
  resource?: string;
  params?: z.ZodType;
  query?: z.ZodType;
  /** Request headers that mean something here, by lower-case name. */
  headers?: z.ZodType;
  body?: z.ZodType;
  /** No body is the same as `{}`. */
  bodyOptional?: true;
  /** A batch: the field whose entries the handler reads one by one. A bad one does not spoil the others. */
  bodyParts?: string;
  /** Absent: the answer has no body. */
  response?: z.ZodType;
  /** Of success. */
  status: 200 | 201 | 202 | 204;
}

const endpointRoute = { lambda: 'endpoints', secondFactor: false, resource: 'endpoint' } as const;
const ofEndpoint = { ...endpointRoute, params: idParam('ep') } as const;
const readsHistory = { lambda: 'history', method: 'GET', secondFactor: false, status: 200 } as const;
const isPublic = { lambda: 'account', method: 'GET', scope: null, secondFactor: false, status: 200 } as const;

/** A call without fields that changes an endpoint's state and answers it. */
const changesState = {
  ...ofEndpoint,
  method: 'POST',
  scope: 'endpoints:write',
  body: noFields,
  bodyOptional: true,
  response: endpoint,
  status: 200,
} as const;

/**
 * Every route of the API by its id: the local gateway, the stack, the OpenAPI document, the authorization and the tests
 * read this table and nothing else. It imports no handler.
 */
export const routeTable = {
  'endpoints.create': {
    ...endpointRoute,
    id: 'endpoints.create',
    method: 'POST',
    path: '/v1/endpoints',
    scope: 'endpoints:write',
    summary: 'Registers an endpoint. The answer shows its signing secret, once.',
    body: endpointCreate,
    response: endpointCreated,
    status: 201,
  },
  'endpoints.list': {
    ...endpointRoute,
    id: 'endpoints.list',
    method: 'GET',
    path: '/v1/endpoints',
    scope: 'endpoints:read',
    summary: 'The tenant’s endpoints, oldest first.',
    query: pageOnlyQuery,
    response: endpointPage,
    status: 200,
  },
  'endpoints.get': {
    ...ofEndpoint,
    id: 'endpoints.get',
    method: 'GET',
    path: '/v1/endpoints/{id}',
    scope: 'endpoints:read',
    summary: 'One endpoint.',
    response: endpoint,
    status: 200,
  },
  'endpoints.update': {
    ...ofEndpoint,
    id: 'endpoints.update',
    method: 'PATCH',
    path: '/v1/endpoints/{id}',
    scope: 'endpoints:write',
    summary: 'Changes the fields that are given.',
    body: endpointUpdate,
    response: endpoint,
    status: 200,
  },
  'endpoints.delete': {
    ...ofEndpoint,
    id: 'endpoints.delete',
    method: 'DELETE',
    path: '/v1/endpoints/{id}',
    scope: 'endpoints:write',
    summary: 'Deletes an endpoint: its secret is destroyed, waiting deliveries are abandoned.',
    status: 204,
  },
  'endpoints.pause': {
    ...changesState,
    id: 'endpoints.pause',
    path: '/v1/endpoints/{id}/pause',
    summary: 'Pauses an endpoint: what comes for it is held.',
  },
  'endpoints.resume': {
    ...changesState,
    id: 'endpoints.resume',
    path: '/v1/endpoints/{id}/resume',
    summary: 'Resumes a paused endpoint, and releases or discards what was held.',
    body: resumeRequest,
  },
  'endpoints.enable': {
    ...changesState,
    id: 'endpoints.enable',
    path: '/v1/endpoints/{id}/enable',
    summary: 'Enables a disabled endpoint.',
  },
  'endpoints.disable': {
    ...changesState,
    id: 'endpoints.disable',
    path: '/v1/endpoints/{id}/disable',
    summary: 'Disables an endpoint: it gets no events, waiting deliveries are abandoned.',
  },
  'events.post': {
    id: 'events.post',
    method: 'POST',
    path: '/v1/events',
    lambda: 'ingest',
    scope: 'events:write',
    secondFactor: false,
    summary: 'Posts an event. 202: it is kept and will be delivered.',
    headers: eventPostHeaders,
    body: eventPost,
    response: eventAccepted,
    status: 202,
  },
  'events.batch': {
    id: 'events.batch',
    method: 'POST',
    path: '/v1/events/batch',
    lambda: 'ingest',
    scope: 'events:write',
    secondFactor: false,
    summary: 'Posts up to 100 events, at most 1 MiB. Each has a result of its own: accepted, or a problem.',
    body: eventBatch,
    bodyParts: 'events',
    response: eventBatchResults,
    status: 200,
  },
  'events.list': {
    ...readsHistory,
    id: 'events.list',
    path: '/v1/events',
    scope: 'events:read',
    summary: 'The tenant’s events, newest first.',
    query: eventListQuery,
    response: eventPage,
  },
  'events.get': {
    ...readsHistory,
    id: 'events.get',
    path: '/v1/events/{id}',
    scope: 'events:read',
    summary: 'One event, with its deliveries counted by status.',
    resource: 'event',
    params: idParam('evt'),
    response: eventDetail,
  },
  'events.deliveries': {
    ...readsHistory,
    id: 'events.deliveries',
    path: '/v1/events/{id}/deliveries',
    scope: 'deliveries:read',
    summary: 'The deliveries of one event.',
    resource: 'event',
    params: idParam('evt'),
    query: pageOnlyQuery,
    response: deliveryPage,
  },
  'deliveries.list': {
    ...readsHistory,
    id: 'deliveries.list',
    path: '/v1/deliveries',
    scope: 'deliveries:read',
    summary: 'Deliveries by endpoint, event type, status and time, newest event first.',
    query: deliveryListQuery,
    response: deliveryPage,
  },
  'deliveries.get': {
    ...readsHistory,
    id: 'deliveries.get',
    path: '/v1/deliveries/{id}',
    scope: 'deliveries:read',
    summary: 'One delivery, with its attempts.',
    resource: 'delivery',
    params: deliveryIdParam,
    response: deliveryDetail,
  },
  'jobs.get': {
    ...readsHistory,
    id: 'jobs.get',
    path: '/v1/jobs/{id}',
    scope: 'jobs:read',
    summary: 'One job and its progress.',
    resource: 'job',
    params: idParam('job'),
    response: job,
  },
  'retries.summary': {
    ...readsHistory,
    id: 'retries.summary',
    path: '/v1/retries/summary',
    scope: 'deliveries:read',
    summary: 'What waits: counts by status, the oldest due time and the next.',
    response: retriesSummary,
  },
  ...manualRoutes,
  ...platformRoutes,
  'account.health': {
    ...isPublic,
    id: 'account.health',
    path: '/v1/health',
    summary: 'Answers when the service is up.',
    response: health,
  },
  'account.openapi': {
    ...isPublic,
    id: 'account.openapi',
    path: '/v1/openapi.json',
    summary: 'This API as an OpenAPI 3.1 document.',
    response: openApiDocument,
  },
} as const satisfies Record<string, Route>;

export type RouteId = keyof typeof routeTable;

/** The table as a list. */
export const routes: readonly Route[] = Object.values(routeTable);
