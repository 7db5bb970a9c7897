import { manual, readsHistory } from '../../route-kinds.ts';
import type { Route } from '../../route.ts';
import { keyedHeaders } from '../../schemas/idempotency-key.ts';
import { idParam } from '../../schemas/ids.ts';
import { pageOnlyQuery } from '../../schemas/pages.ts';
import { deliveryPage } from '../deliveries/schemas.ts';
import { job } from '../jobs/schemas.ts';
import { eventBatch, eventBatchResults } from './batch-schemas.ts';
import { eventAccepted, eventDetail, eventListQuery, eventPage, eventPost, eventReplay } from './schemas.ts';

/** What is posted is no change of anything, and is listed itself. */
const takesIn = { lambda: 'ingest', method: 'POST', scope: 'events:write', unaudited: true } as const;
const ofOne = { resource: 'event', params: idParam('evt') } as const;

export const eventRoutes = {
  post: {
    ...takesIn,
    id: 'events.post',
    operationId: 'postEvent',
    path: '/v1/events',
    summary: 'Posts an event. 202: it is kept and will be delivered.',
    headers: keyedHeaders,
    body: eventPost,
    response: eventAccepted,
    location: '/v1/events/{id}',
    rateLimited: true,
    status: 202,
    refuses: ['over-quota', 'over-capacity', 'tenant-erased', 'too-many-comparisons'],
  },
  batch: {
    ...takesIn,
    id: 'events.batch',
    operationId: 'postEvents',
    path: '/v1/events/batch',
    summary: 'Posts up to 100 events, at most 1 MiB. Each has a result of its own: accepted, or a problem.',
    body: eventBatch,
    bodyParts: 'events',
    response: eventBatchResults,
    rateLimited: true,
    status: 200,
    refuses: ['over-capacity'],
  },
  list: {
    ...readsHistory,
    id: 'events.list',
    operationId: 'listEvents',
    path: '/v1/events',
    scope: 'events:read',
    summary: 'The tenant’s events, newest first. With a filter, a page may be empty and have a next one.',
    query: eventListQuery,
    response: eventPage,
    refuses: ['invalid-cursor'],
  },
  get: {
    ...readsHistory,
    ...ofOne,
    id: 'events.get',
    operationId: 'getEvent',
    path: '/v1/events/{id}',
    scope: 'events:read',
    summary: 'One event, with its deliveries counted by status.',
    response: eventDetail,
  },
  deliveries: {
    ...readsHistory,
    ...ofOne,
    id: 'events.deliveries',
    operationId: 'listEventDeliveries',
    path: '/v1/events/{id}/deliveries',
    scope: 'deliveries:read',
    summary: 'The deliveries of one event.',
    query: pageOnlyQuery,
    response: deliveryPage,
    refuses: ['invalid-cursor'],
  },
  replay: {
    ...manual,
    ...ofOne,
    id: 'events.replay',
    operationId: 'replayEvent',
    secondFactor: true,
    path: '/v1/events/{id}/replay',
    summary: 'Sends one event again, to the endpoints that match it now or to those that are named, by a job.',
    headers: keyedHeaders,
    body: eventReplay,
    bodyOptional: true,
    response: job,
    location: '/v1/jobs/{id}',
    status: 202,
    refuses: ['wrong-state', 'payload-deleted'],
  },
  deletePayload: {
    ...manual,
    ...ofOne,
    id: 'events.delete-payload',
    operationId: 'deleteEventPayload',
    method: 'DELETE',
    secondFactor: true,
    path: '/v1/events/{id}/payload',
    summary:
      'Deletes the data and the trace of an event for good. Its deliveries that are not finished end as abandoned, by a job; a request that is under way ends.',
    response: job,
    location: '/v1/jobs/{id}',
    status: 202,
  },
} as const satisfies Record<string, Route>;
