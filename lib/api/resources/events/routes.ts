import { manual, readsHistory } from '../../route-kinds.ts';
import type { Route } from '../../route.ts';
import { keyedHeaders } from '../../schemas/idempotency-key.ts';
import { idParam } from '../../schemas/ids.ts';
import { pageOnlyQuery } from '../../schemas/pages.ts';
import { deliveryPage } from '../deliveries/schemas.ts';
import { job } from '../jobs/schemas.ts';
import { eventBatch, eventBatchResults } from './batch-schemas.ts';
import { eventAccepted, eventDetail, eventListQuery, eventPage, eventPost, eventReplay } from './schemas.ts';

const takesIn = { lambda: 'ingest', method: 'POST', scope: 'events:write' } as const;
const ofOne = { resource: 'event', params: idParam('evt') } as const;

export const eventRoutes = {
  post: {
    ...takesIn,
    id: 'events.post',
    path: '/v1/events',
    summary: 'Posts an event. 202: it is kept and will be delivered.',
    headers: keyedHeaders,
    body: eventPost,
    response: eventAccepted,
    status: 202,
  },
  batch: {
    ...takesIn,
    id: 'events.batch',
    path: '/v1/events/batch',
    summary: 'Posts up to 100 events, at most 1 MiB. Each has a result of its own: accepted, or a problem.',
    body: eventBatch,
    bodyParts: 'events',
    response: eventBatchResults,
    status: 200,
  },
  list: {
    ...readsHistory,
    id: 'events.list',
    path: '/v1/events',
    scope: 'events:read',
    summary: 'The tenant’s events, newest first.',
    query: eventListQuery,
    response: eventPage,
  },
  get: {
    ...readsHistory,
    ...ofOne,
    id: 'events.get',
    path: '/v1/events/{id}',
    scope: 'events:read',
    summary: 'One event, with its deliveries counted by status.',
    response: eventDetail,
  },
  deliveries: {
    ...readsHistory,
    ...ofOne,
    id: 'events.deliveries',
    path: '/v1/events/{id}/deliveries',
    scope: 'deliveries:read',
    summary: 'The deliveries of one event.',
    query: pageOnlyQuery,
    response: deliveryPage,
  },
  replay: {
    ...manual,
    ...ofOne,
    id: 'events.replay',
    path: '/v1/events/{id}/replay',
    summary: 'Sends one event again, to the endpoints that match it now or to those that are named, by a job.',
    headers: keyedHeaders,
    body: eventReplay,
    bodyOptional: true,
    response: job,
    status: 202,
  },
} as const satisfies Record<string, Route>;
