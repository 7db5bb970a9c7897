import type { Route } from './routes.ts';
import { deliveryIdParam, idParam } from './schemas/common.ts';
import { bulkRetry, delivery } from './schemas/delivery.ts';
import { endpointReplay, noFields } from './schemas/endpoint.ts';
import { eventReplay } from './schemas/event.ts';
import { job } from './schemas/job.ts';
import { retriesRun, retriesRunQuery, retriesSummary } from './schemas/retries.ts';

/** Sends again what was sent or given up: a sensitive call. */
const sendsAgain = { method: 'POST', scope: 'deliveries:write', secondFactor: true, status: 202 } as const;

/** The routes of what a person does about deliveries. */
export const byHandRoutes = {
  'deliveries.retry': {
    ...sendsAgain,
    id: 'deliveries.retry',
    path: '/v1/deliveries/{id}/retry',
    lambda: 'history',
    summary: 'Retries a delivery: a finished one by a new delivery, which is answered; one that waits goes now.',
    resource: 'delivery',
    params: deliveryIdParam,
    body: noFields,
    bodyOptional: true,
    response: delivery,
  },
  'deliveries.bulk-retry': {
    ...sendsAgain,
    id: 'deliveries.bulk-retry',
    path: '/v1/deliveries/retry',
    lambda: 'history',
    summary: 'Retries all exhausted or abandoned deliveries that meet every condition, by a job.',
    body: bulkRetry,
    response: job,
  },
  'endpoints.replay': {
    ...sendsAgain,
    id: 'endpoints.replay',
    path: '/v1/endpoints/{id}/replay',
    lambda: 'endpoints',
    summary: 'Sends an endpoint the events of a time again, also those that it did not subscribe to then, by a job.',
    resource: 'endpoint',
    params: idParam('ep'),
    body: endpointReplay,
    response: job,
  },
  'events.replay': {
    ...sendsAgain,
    id: 'events.replay',
    path: '/v1/events/{id}/replay',
    lambda: 'history',
    summary: 'Sends one event again, to the endpoints that match it now or to those that are named, by a job.',
    resource: 'event',
    params: idParam('evt'),
    body: eventReplay,
    bodyOptional: true,
    response: job,
  },
  'jobs.cancel': {
    id: 'jobs.cancel',
    method: 'POST',
    path: '/v1/jobs/{id}/cancel',
    lambda: 'history',
    scope: 'deliveries:write',
    secondFactor: false,
    summary: 'Stops a bulk retry or a replay after the page that is under way.',
    resource: 'job',
    params: idParam('job'),
    body: noFields,
    bodyOptional: true,
    response: job,
    status: 200,
  },
  'retries.run': {
    id: 'retries.run',
    method: 'POST',
    path: '/v1/retries/run',
    lambda: 'history',
    scope: 'deliveries:write',
    secondFactor: false,
    summary: 'Sends waiting deliveries that are due on their way now.',
    query: retriesRunQuery,
    body: noFields,
    bodyOptional: true,
    response: retriesRun,
    status: 200,
  },
  'retries.summary': {
    id: 'retries.summary',
    method: 'GET',
    path: '/v1/retries/summary',
    lambda: 'history',
    scope: 'deliveries:read',
    secondFactor: false,
    summary: 'What waits: counts by status, the oldest due time and the next.',
    response: retriesSummary,
    status: 200,
  },
} as const satisfies Record<string, Route>;
