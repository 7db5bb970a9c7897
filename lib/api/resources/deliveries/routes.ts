import { manual, readsHistory, withoutFields } from '../../route-kinds.ts';
import type { Route } from '../../route.ts';
import { keyedHeaders } from '../../schemas/idempotency-key.ts';
import { deliveryIdParam } from '../../schemas/ids.ts';
import { job } from '../jobs/schemas.ts';
import { attemptRequestQuery, attemptRequestSchema } from './attempt-request.ts';
import { bulkRetry } from './bulk-retry.ts';
import { delivery, deliveryDetail, deliveryListQuery, deliveryPage } from './schemas.ts';

const ofOne = { resource: 'delivery', params: deliveryIdParam } as const;

export const deliveryRoutes = {
  list: {
    ...readsHistory,
    id: 'deliveries.list',
    operationId: 'listDeliveries',
    path: '/v1/deliveries',
    scope: 'deliveries:read',
    summary: 'Deliveries by endpoint, event type, status and time, newest event first.',
    query: deliveryListQuery,
    response: deliveryPage,
    refuses: ['invalid-cursor', 'not-found'],
  },
  get: {
    ...readsHistory,
    ...ofOne,
    id: 'deliveries.get',
    operationId: 'getDelivery',
    path: '/v1/deliveries/{id}',
    scope: 'deliveries:read',
    summary: 'One delivery, with its attempts.',
    response: deliveryDetail,
  },
  request: {
    ...readsHistory,
    ...ofOne,
    id: 'deliveries.request',
    operationId: 'getDeliveryRequest',
    path: '/v1/deliveries/{id}/request',
    // Its body is the event's data.
    scope: 'events:read',
    summary: 'The request of an attempt, headers and body, with what is made with a secret left out.',
    query: attemptRequestQuery,
    response: attemptRequestSchema,
    refuses: ['event-expired', 'payload-deleted', 'wrong-state'],
  },
  retry: {
    ...manual,
    ...ofOne,
    ...withoutFields,
    id: 'deliveries.retry',
    operationId: 'retryDelivery',
    secondFactor: true,
    path: '/v1/deliveries/{id}/retry',
    summary: 'Retries a delivery: a finished one by a new delivery, which is answered; one that waits goes now.',
    headers: keyedHeaders,
    response: delivery,
    location: '/v1/deliveries/{id}',
    status: 202,
    refuses: ['changed-meanwhile', 'wrong-state', 'event-expired', 'payload-deleted'],
  },
  bulkRetry: {
    ...manual,
    id: 'deliveries.bulk-retry',
    operationId: 'retryDeliveries',
    secondFactor: true,
    path: '/v1/deliveries/retry',
    summary: 'Retries all exhausted or abandoned deliveries that meet every condition, by a job.',
    headers: keyedHeaders,
    body: bulkRetry,
    response: job,
    location: '/v1/jobs/{id}',
    status: 202,
    refuses: ['not-found'],
  },
} as const satisfies Record<string, Route>;
