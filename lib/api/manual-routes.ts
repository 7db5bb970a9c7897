import type { Route } from './routes.ts';
import { deliveryIdParam, idParam } from './schemas/common.ts';
import { bulkRetry, delivery } from './schemas/delivery.ts';
import { endpointReplay, noFields } from './schemas/endpoint.ts';
import { eventReplay } from './schemas/event.ts';
import { job } from './schemas/job.ts';
import { retriesRun, retriesRunQuery } from './schemas/retries.ts';

/** Served where endpoints are changed: `history` only reads. */
const writes = { method: 'POST', lambda: 'endpoints', scope: 'deliveries:write' } as const;
/** Sends again what was sent or given up: a sensitive call. */
const sendsAgain = { ...writes, secondFactor: true, status: 202 } as const;

/** The routes of what a person does about deliveries. */
export const manualRoutes = {
  'deliveries.retry': {
    ...sendsAgain,
    id: 'deliveries.retry',
    path: '/v1/deliveries/{id}/retry',
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
    summary: 'Retries all exhausted or abandoned deliveries that meet every condition, by a job.',
    body: bulkRetry,
    response: job,
  },
  'endpoints.replay': {
    ...sendsAgain,
    id: 'endpoints.replay',
    path: '/v1/endpoints/{id}/replay',
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
    summary: 'Sends one event again, to the endpoints that match it now or to those that are named, by a job.',
    resource: 'event',
    params: idParam('evt'),
    body: eventReplay,
    bodyOptional: true,
    response: job,
  },
  'jobs.cancel': {
    ...writes,
    id: 'jobs.cancel',
    path: '/v1/jobs/{id}/cancel',
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
    ...writes,
    id: 'retries.run',
    path: '/v1/retries/run',
    secondFactor: false,
    summary: 'Sends waiting deliveries that are due on their way now.',
    query: retriesRunQuery,
    body: noFields,
    bodyOptional: true,
    response: retriesRun,
    status: 200,
  },
} as const satisfies Record<string, Route>;

export type ManualRouteId = keyof typeof manualRoutes;
