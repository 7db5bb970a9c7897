import { manual, readsHistory } from '../../route-kinds.ts';
import type { Route } from '../../route.ts';
import { keyedHeaders } from '../../schemas/idempotency-key.ts';
import { idParam } from '../../schemas/ids.ts';
import { pageOnlyQuery } from '../../schemas/pages.ts';
import { deliveryPage } from '../deliveries/schemas.ts';
import { job } from '../jobs/schemas.ts';
import { eventPostRoutes } from './post-routes.ts';
import { eventDetail, eventListQuery, eventPage, eventReplay } from './schemas.ts';

const ofOne = { resource: 'event', params: idParam('evt') } as const;

export const eventRoutes = {
  ...eventPostRoutes,
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
