import type { Route } from '../../route.ts';
import { keyedHeaders } from '../../schemas/idempotency-key.ts';
import { eventBatch, eventBatchResults } from './batch-schemas.ts';
import { eventAccepted, eventPost } from './schemas.ts';

/** What is posted is no change of anything, and is listed itself. */
const takesIn = { lambda: 'ingest', method: 'POST', scope: 'events:write', unaudited: true } as const;

/** The routes of the function ingest, apart: it starts with no other resource's schemas. */
export const eventPostRoutes = {
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
    refuses: [
      'over-quota',
      'over-capacity',
      'tenant-erased',
      'too-many-comparisons',
      'unknown-event-type',
      'data-mismatch',
    ],
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
} as const satisfies Record<string, Route>;
